package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server failed (5xx), or it does not know the endpoint (404).
 *
 * @since 1.0.0
 */
public final class AkiServerException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiServerException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiServerException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiServerException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
