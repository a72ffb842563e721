package io.aki.sample.web;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Applies the limit of uploads to all requests. The servlet container limits the size of
 * forms and uploads, but not of JSON.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
class RequestSizeFilter extends OncePerRequestFilter {

	private final DataSize limit;

	RequestSizeFilter(@Value("${spring.servlet.multipart.max-request-size}") DataSize limit) {
		this.limit = limit;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (request.getContentLengthLong() > this.limit.toBytes()) {
			response.sendError(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
					"The request is too large. The limit is " + this.limit.toMegabytes() + " MB");
		}
		else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
			response.sendError(HttpServletResponse.SC_LENGTH_REQUIRED, "The header Content-Length is missing");
		}
		else {
			chain.doFilter(request, response);
		}
	}

}
