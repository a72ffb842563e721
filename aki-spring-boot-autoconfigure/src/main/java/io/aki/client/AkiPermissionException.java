package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server refused the request: 401 for an invalid key, 402 on a start for a key that
 * may not use the endpoint, or a 4xx that has no specific exception.
 *
 * @since 1.0.0
 */
public final class AkiPermissionException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiPermissionException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiPermissionException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiPermissionException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
