package io.aki.sample.web;

import java.io.IOException;

import io.aki.sample.SampleProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the size of requests. The servlet container limits the size of forms, but not of
 * JSON.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
class RequestSizeFilter extends OncePerRequestFilter {

	private final DataSize most;

	RequestSizeFilter(SampleProperties properties) {
		this.most = properties.maxRequestSize();
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getContentLengthLong() > this.most.toBytes()) {
			Refusal.send(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
					"That is too large: at most " + this.most.toMegabytes() + " MB");
		}
		else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			Refusal.send(response, HttpServletResponse.SC_LENGTH_REQUIRED,
					"Say how long the body is: Content-Length is missing");
		}
		else {
			chain.doFilter(request, response);
		}
	}

}
