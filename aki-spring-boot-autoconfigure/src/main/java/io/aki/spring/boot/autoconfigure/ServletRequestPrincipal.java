package io.aki.spring.boot.autoconfigure;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Returns the user of the servlet request that the thread handles.
 */
class ServletRequestPrincipal implements AkiPrincipal.Source {

	@Override
	public @Nullable Principal find() {
		try {
			return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
					? attributes.getRequest().getUserPrincipal() : null;
		}
		catch (IllegalStateException ex) {
			// the request has ended, and the thread still has its attributes
			return null;
		}
	}

}
