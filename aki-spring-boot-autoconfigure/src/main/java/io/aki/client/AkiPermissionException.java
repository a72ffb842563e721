package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server refused the request: 401 for an invalid key, 402 on a start for a key that
 * may not use the endpoint, or another 4xx.
 */
public final class AkiPermissionException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiPermissionException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
