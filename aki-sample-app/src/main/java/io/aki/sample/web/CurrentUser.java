package io.aki.sample.web;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * The user of the current request. Everything that is stored has an owner.
 */
@Component
public class CurrentUser {

	/**
	 * Return the name of the user. It is {@code local} without the profile {@code login}.
	 * The name is known on the thread that handles the request. Read it before you start
	 * other threads, and pass it to them.
	 * @return the name
	 * @throws IllegalStateException if this thread handles no request
	 */
	public String name() {
		Authentication authentication = authentication();
		if (authentication == null) {
			throw new IllegalStateException("There is no current user on this thread");
		}
		return authentication.getName();
	}

	/**
	 * Return whether the user has logged in, and can log out.
	 */
	public boolean isLoggedIn() {
		Authentication authentication = authentication();
		return authentication != null && !(authentication instanceof AnonymousAuthenticationToken);
	}

	private static @Nullable Authentication authentication() {
		return SecurityContextHolder.getContext().getAuthentication();
	}

}
