package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * A time limit was reached: {@code read-timeout}, {@code progress-timeout},
 * {@code job-timeout}, or the limit of the server (408). The message says which one.
 *
 * @since 1.0.0
 */
public final class AkiTimeoutException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiTimeoutException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiTimeoutException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiTimeoutException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
