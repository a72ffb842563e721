package io.aki.sample.task;

/**
 * Too many tasks wait.
 */
public class TooManyTasksException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	TooManyTasksException(int most) {
		super("There are " + most + " tasks waiting or running, which is the limit. Try again in a moment");
	}

}
