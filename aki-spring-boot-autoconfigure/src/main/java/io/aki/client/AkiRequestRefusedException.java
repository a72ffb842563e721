package io.aki.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * An {@link AkiRequestGuard} of this application refused the request. Nothing was sent,
 * and the client does not repeat the request. It is thrown also if failures are not
 * thrown otherwise. An HTTP API should answer 429 if there is a {@link #retryAfter()},
 * otherwise 403.
 *
 * @since 1.0.0
 */
public final class AkiRequestRefusedException extends AkiException {

	private static final long serialVersionUID = 1L;

	private static final Duration MAX_RETRY_AFTER = Duration.ofDays(365);

	/** The endpoint's name. */
	private final String endpoint;

	/** The reason for the user. */
	private final String reason;

	/** How long to wait before the next request. */
	private final @Nullable Duration retryAfter;

	/**
	 * Create an exception for a request that will also be refused later.
	 * @param endpoint the endpoint's name
	 * @param reason the reason. It becomes part of a response of this application, see
	 * {@link #reason()}
	 */
	public AkiRequestRefusedException(String endpoint, String reason) {
		this(endpoint, reason, null);
	}

	/**
	 * Create an exception.
	 * @param endpoint the endpoint's name
	 * @param reason the reason. It becomes part of a response of this application, see
	 * {@link #reason()}
	 * @param retryAfter how long to wait before the same request may be allowed, not
	 * negative, at most 365 days; {@code null} if it will also be refused later
	 */
	public AkiRequestRefusedException(String endpoint, String reason, @Nullable Duration retryAfter) {
		this(endpoint, reason, retryAfter, null);
	}

	/**
	 * Create an exception with advice for a developer.
	 * @param endpoint the endpoint's name
	 * @param reason the reason. It becomes part of a response of this application, see
	 * {@link #reason()}
	 * @param retryAfter how long to wait before the same request may be allowed, not
	 * negative, at most 365 days; {@code null} if it will also be refused later
	 * @param advice a sentence that is part of the message but not of the reason, such as
	 * the name of a property; {@code null} for none
	 */
	public AkiRequestRefusedException(String endpoint, String reason, @Nullable Duration retryAfter,
			@Nullable String advice) {
		super(message(endpoint, reason, atMostOneYear(retryAfter), advice), null, null);
		Assert.isTrue(retryAfter == null || !retryAfter.isNegative(), "'retryAfter' must not be negative");
		this.endpoint = endpoint;
		this.reason = reason;
		this.retryAfter = atMostOneYear(retryAfter);
	}

	private static @Nullable Duration atMostOneYear(@Nullable Duration duration) {
		return (duration != null && duration.compareTo(MAX_RETRY_AFTER) > 0) ? MAX_RETRY_AFTER : duration;
	}

	private static String message(String endpoint, String reason, @Nullable Duration retryAfter,
			@Nullable String advice) {
		return "This application refused a request to '" + endpoint + "': " + reason
				+ ((retryAfter != null) ? ". Try again in " + seconds(retryAfter) + " s" : "")
				+ ((advice != null) ? ". " + advice : "");
	}

	private static long seconds(Duration retryAfter) {
		return Math.max(1, retryAfter.toSeconds() + ((retryAfter.getNano() > 0) ? 1 : 0));
	}

	/**
	 * Return the endpoint of the request.
	 * @return the endpoint's name
	 */
	public String endpoint() {
		return this.endpoint;
	}

	/**
	 * Return the reason. The web support writes it into the problem detail of the
	 * response, so that the user of the application reads it.
	 * @return the reason, without the endpoint and without advice for developers
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Return how long to wait before the same request may be allowed.
	 * @return the duration, or {@code null} if the request will also be refused later
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

}
