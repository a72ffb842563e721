package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server ended the job, because no worker finished it in time.
 *
 * @since 1.0.0
 */
public final class AkiLapsedException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiLapsedException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiLapsedException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiLapsedException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
