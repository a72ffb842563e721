package io.aki.client;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How often and after which waits an exchange is repeated.
 * <p>
 * The wait before the second attempt is {@code delay}, before each further one
 * {@code multiplier} times the one before, at most {@code maxDelay}; each is shortened at
 * random by up to a half, so that many clients do not come back at once. A server's
 * {@code Retry-After} takes the place of a shorter wait, up to {@code maxDelay}.
 * <p>
 * A request that starts a job is repeated only where the server cannot have taken it: no
 * connection was made, 429, or 503 without a job. A read-only request is repeated after
 * every passing failure. Polls of a running job follow the same waits, but are bounded by
 * {@link AkiClient.Builder#outageTimeout(Duration)} rather than by a number.
 *
 * @param maxAttempts how often at most, the first one included; 1 repeats nothing
 * @param delay the first wait
 * @param multiplier the growth of the waits, 1 or more
 * @param maxDelay the longest wait
 */
public record AkiRetryPolicy(int maxAttempts, Duration delay, double multiplier, Duration maxDelay) {

	/**
	 * The default: 4 attempts, waits of 0.5, 1 and 2 seconds, at most 8 seconds.
	 */
	public static final AkiRetryPolicy DEFAULT = new AkiRetryPolicy(4, Duration.ofMillis(500), 2,
			Duration.ofSeconds(8));

	/**
	 * Create a policy.
	 * @param maxAttempts how often at most, the first one included; 1 repeats nothing
	 * @param delay the first wait, not negative
	 * @param multiplier the growth of the waits, 1 or more
	 * @param maxDelay the longest wait, not below {@code delay}
	 */
	public AkiRetryPolicy {
		AkiSettingException.check(maxAttempts >= 1, "retry.maxAttempts", "must be at least 1 but is " + maxAttempts);
		Assert.notNull(delay, "'delay' must not be null");
		AkiSettingException.check(!delay.isNegative() && delay.toDays() < 1, "retry.delay",
				"must not be negative, and below a day, but is " + delay);
		AkiSettingException.check(multiplier >= 1 && multiplier < Double.POSITIVE_INFINITY, "retry.multiplier",
				"must be at least 1 but is " + multiplier);
		Assert.notNull(maxDelay, "'maxDelay' must not be null");
		AkiSettingException.check(maxDelay.compareTo(delay) >= 0 && maxDelay.toDays() < 1, "retry.maxDelay",
				"must not be shorter than the delay (" + delay + "), and below a day, but is " + maxDelay);
	}

	/**
	 * Return a policy that repeats nothing.
	 * @return a policy of one attempt
	 */
	public static AkiRetryPolicy none() {
		return new AkiRetryPolicy(1, DEFAULT.delay(), DEFAULT.multiplier(), DEFAULT.maxDelay());
	}

}
