package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server failed: 5xx, or 404 for an endpoint that it does not know.
 */
public final class AkiServerException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiServerException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
