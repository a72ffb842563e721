package io.aki.sample.web;

import java.io.IOException;
import java.util.Set;

import io.aki.sample.SampleProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Rejects requests from pages of other sites. The application has no login. Without this
 * filter, any page in the user's browser could start jobs that cost money. This includes
 * the streams, which are GET requests. The only exception is a link: a user may follow a
 * link from another site to a page.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class CrossSiteFilter extends OncePerRequestFilter {

	private static final Set<String> OURS = Set.of("same-origin", "none");

	private final Set<String> allowedHosts;

	CrossSiteFilter(SampleProperties properties) {
		this.allowedHosts = Set.copyOf(properties.allowedHosts());
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String host = request.getHeader(HttpHeaders.HOST);
		if (host == null || !this.allowedHosts.contains(host.replaceFirst(":\\d+$", ""))) {
			Refusal.send(response, HttpServletResponse.SC_FORBIDDEN,
					"This application is not called by that name; see sample.allowed-hosts");
		}
		else if (isForeign(request, host) && !isLink(request)) {
			Refusal.send(response, HttpServletResponse.SC_FORBIDDEN, "Requests of other sites are refused");
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private static boolean isForeign(HttpServletRequest request, String host) {
		String site = request.getHeader("Sec-Fetch-Site");
		if (site != null && !OURS.contains(site)) {
			return true;
		}
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		return origin != null && !origin.equals(request.getScheme() + "://" + host);
	}

	private static boolean isLink(HttpServletRequest request) {
		return request.getMethod().equals("GET") && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
				&& isUnsaid(request.getHeader(HttpHeaders.ORIGIN)) && !request.getRequestURI().startsWith("/api/");
	}

	private static boolean isUnsaid(@Nullable String origin) {
		return origin == null || origin.equals("null");
	}

}
