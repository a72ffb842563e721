package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server gave the job up, because no worker finished it in time.
 */
public final class AkiLapsedException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiLapsedException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
