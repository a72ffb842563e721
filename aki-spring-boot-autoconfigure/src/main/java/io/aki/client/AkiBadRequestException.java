package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server refused the request: 400 for invalid parameters, a full queue or a disabled
 * endpoint; 409, 413 or 422 from a gateway. The same request fails again, unless the
 * queue was full.
 *
 * @since 1.0.0
 */
public final class AkiBadRequestException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiBadRequestException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiBadRequestException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiBadRequestException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
