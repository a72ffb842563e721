package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The job was canceled: on request, because its client was closed, or because the waiting
 * thread was interrupted.
 */
public final class AkiCanceledException extends AkiException {

	private static final long serialVersionUID = 1L;

	AkiCanceledException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
	}

}
