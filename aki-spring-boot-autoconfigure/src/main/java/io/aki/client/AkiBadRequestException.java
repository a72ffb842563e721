package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server refused the request: 400, for bad parameters, a full queue or a disabled
 * endpoint.
 */
public final class AkiBadRequestException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiBadRequestException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
