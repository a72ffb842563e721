package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The server, or what stands in front of it, asked for fewer requests: 429, after all
 * attempts.
 */
public final class AkiRateLimitException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiRateLimitException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
