package io.aki.sample.task;

/**
 * Thrown when too many tasks are unfinished.
 */
public class TooManyTasksException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	TooManyTasksException(int most) {
		super("There are " + most + " tasks waiting or running, which is the limit. Try again in a moment");
	}

}
