package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The job was canceled: on request, because its client was closed, or because the waiting
 * thread was interrupted.
 *
 * @since 1.0.0
 */
public final class AkiCanceledException extends AkiException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiCanceledException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiCanceledException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
	}

	AkiCanceledException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
