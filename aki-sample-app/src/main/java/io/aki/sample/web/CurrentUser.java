package io.aki.sample.web;

import org.springframework.stereotype.Component;

/**
 * The user of the current request. Everything that is stored has an owner.
 */
@Component
public class CurrentUser {

	/**
	 * Return the name of the user.
	 */
	public String name() {
		return "local";
	}

}
