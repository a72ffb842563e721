package io.aki.spring.boot.tasks;

import java.security.Principal;

/**
 * The owner of a task, as guards of the client see it.
 *
 * @param name the name that was submitted with the task
 */
record TaskOwner(String name) implements Principal {

	@Override
	public String getName() {
		return this.name;
	}

}
