package io.aki.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The server, or a gateway in front of it, rejected the request because there were too
 * many (429). All attempts have failed.
 *
 * @since 1.0.0
 */
public final class AkiRateLimitException extends AkiException {

	private static final long serialVersionUID = 1L;

	/** How long the server asks to wait. */
	private final @Nullable Duration retryAfter;

	/**
	 * Create an exception, for example in a test.
	 * @param message the message
	 */
	public AkiRateLimitException(String message) {
		this(message, null, null);
	}

	/**
	 * Create an exception, for example in a test.
	 * @param message the message, used unchanged
	 * @param errorCode the HTTP status, or {@code null}
	 * @param jobId the job's id, or {@code null}
	 */
	public AkiRateLimitException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message, errorCode, jobId);
		this.retryAfter = null;
	}

	AkiRateLimitException(Failure failure, @Nullable String jobId) {
		super(failure, jobId);
		this.retryAfter = failure.retryAfter();
	}

	/**
	 * Return how long the server asked to wait before the next request, in its
	 * {@code Retry-After} header.
	 * @return the duration, or {@code null} if the server did not say
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

}
