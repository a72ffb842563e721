package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * A limit was reached: {@code read-timeout}, {@code progress-timeout} or
 * {@code job-timeout}. The message says which.
 */
public final class AkiTimeoutException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiTimeoutException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
