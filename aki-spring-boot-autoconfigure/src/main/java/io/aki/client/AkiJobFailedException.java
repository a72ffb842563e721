package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The job ended without a result: the worker reported an error, the result was handed out
 * before and is lost, or the server does not know the job (any more), which has the
 * {@link #errorCode() error code} 402.
 */
public final class AkiJobFailedException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiJobFailedException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
