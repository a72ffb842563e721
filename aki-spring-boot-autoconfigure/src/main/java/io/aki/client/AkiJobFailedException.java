package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The job ended without a result: the worker reported an error, or the result was handed
 * out before and is lost.
 */
public final class AkiJobFailedException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiJobFailedException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
