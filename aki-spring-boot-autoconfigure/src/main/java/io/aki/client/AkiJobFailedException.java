package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The job ended without a result: the worker reported an error, the server had already
 * delivered the result, or the server does not know the job (any more), with the
 * {@link #errorCode() error code} 402.
 *
 * @since 1.0.0
 */
public final class AkiJobFailedException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiJobFailedException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiJobFailedException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiJobFailedException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
