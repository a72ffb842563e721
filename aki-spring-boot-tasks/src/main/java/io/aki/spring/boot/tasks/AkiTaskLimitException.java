package io.aki.spring.boot.tasks;

import java.io.Serial;

import org.springframework.core.task.TaskRejectedException;

/**
 * A task was not stored because there are too many unfinished tasks:
 * {@code aki.io.tasks.max-unfinished} or {@code aki.io.tasks.max-unfinished-per-owner} is
 * reached. An HTTP API should answer 429.
 *
 * @since 1.0.0
 */
public final class AkiTaskLimitException extends TaskRejectedException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param message the message
	 */
	public AkiTaskLimitException(String message) {
		super(message);
	}

}
