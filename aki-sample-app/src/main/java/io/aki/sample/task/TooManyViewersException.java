package io.aki.sample.task;

/**
 * Thrown when too many browsers are connected.
 */
public class TooManyViewersException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	TooManyViewersException() {
		super("Too many pages are open. Close one and reload this one");
	}

}
