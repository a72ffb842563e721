package io.aki.spring.boot.autoconfigure;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Returns Spring Security's authentication of the thread. An anonymous user is no user,
 * as in {@code HttpServletRequest.getUserPrincipal()}.
 */
class SecurityContextPrincipal implements AkiPrincipal.Source {

	private final AuthenticationTrustResolver trust = new AuthenticationTrustResolverImpl();

	@Override
	public @Nullable Principal find() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		return this.trust.isAuthenticated(authentication) ? authentication : null;
	}

}
