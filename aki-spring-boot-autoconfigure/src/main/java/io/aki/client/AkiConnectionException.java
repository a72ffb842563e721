package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * There was no usable response: no connection, a broken connection, a redirect, or a body
 * that is not the API's JSON.
 *
 * @since 1.0.0
 */
public final class AkiConnectionException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiConnectionException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiConnectionException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiConnectionException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
