package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * There was no usable answer: no connection, a broken one, a redirect, or a body that is
 * not the API's JSON.
 */
public final class AkiConnectionException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiConnectionException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
