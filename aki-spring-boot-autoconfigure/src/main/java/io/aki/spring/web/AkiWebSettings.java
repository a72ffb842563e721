package io.aki.spring.web;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Settings of {@link AkiEventStream event streams}, for the auto-configuration.
 *
 * @param heartbeat the time between two comments of a stream, more than 0
 * @param reconnectTimeout how long a reconnectable stream waits for its client, 0 or more
 * @param tokenSecret the secret that signs event ids, at least 16 characters;
 * {@code null} for a secret of this process
 * @since 1.0.0
 */
public record AkiWebSettings(Duration heartbeat, Duration reconnectTimeout, @Nullable String tokenSecret) {

	/** The minimum length of a secret. */
	public static final int MIN_SECRET_LENGTH = 16;

	/**
	 * Check the settings.
	 * @param heartbeat the time between two comments of a stream
	 * @param reconnectTimeout how long a reconnectable stream waits for its client
	 * @param tokenSecret the secret that signs event ids, or {@code null}
	 * @throws IllegalArgumentException if a setting is out of its range
	 */
	public AkiWebSettings {
		Assert.isTrue(heartbeat.toMillis() > 0, "'heartbeat' must be at least 1 ms");
		Assert.isTrue(!reconnectTimeout.isNegative(), "'reconnectTimeout' must not be negative");
		Assert.isTrue(tokenSecret == null || tokenSecret.length() >= MIN_SECRET_LENGTH,
				"'tokenSecret' must have at least " + MIN_SECRET_LENGTH + " characters");
	}

	/**
	 * Return whether several instances of the application share the secret.
	 */
	boolean isSecretShared() {
		return this.tokenSecret != null;
	}

	@Override
	public String toString() {
		return "AkiWebSettings[heartbeat=" + this.heartbeat + ", reconnectTimeout=" + this.reconnectTimeout + "]";
	}

}
