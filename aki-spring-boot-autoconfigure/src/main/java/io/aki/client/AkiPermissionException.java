package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server refused the caller: 401 for a bad key, 402 for an unknown job or a key that
 * the endpoint does not admit, or any other 4xx.
 */
public final class AkiPermissionException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiPermissionException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
