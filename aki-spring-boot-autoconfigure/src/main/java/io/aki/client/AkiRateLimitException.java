package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server, or a gateway in front of it, rejected the request because there were too
 * many (429). All attempts have failed.
 *
 * @since 1.0.0
 */
public final class AkiRateLimitException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiRateLimitException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiRateLimitException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiRateLimitException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
