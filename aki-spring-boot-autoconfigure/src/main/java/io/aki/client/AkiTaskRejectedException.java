package io.aki.client;

import java.io.Serial;

import org.springframework.core.task.TaskRejectedException;

/**
 * A request was not made because too many requests run already: {@code max-jobs} is
 * reached, or the queue of the {@link AkiAsyncClient} is full. Nothing was sent. An HTTP
 * API should answer 503.
 *
 * @since 1.0.0
 */
public final class AkiTaskRejectedException extends TaskRejectedException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message the message
	 */
	public AkiTaskRejectedException(String message) {
		super(message);
	}

	/**
	 * Create an exception.
	 * @param message the message
	 * @param cause the exception of the executor
	 */
	public AkiTaskRejectedException(String message, Throwable cause) {
		super(message, cause);
	}

}
