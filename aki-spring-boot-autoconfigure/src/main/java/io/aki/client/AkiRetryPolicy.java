package io.aki.client;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * The number of attempts and the waits between them for a request that fails. Immutable.
 * <p>
 * The wait before the second attempt is {@code delay}. Each further wait is
 * {@code multiplier} times the previous one, at most {@code maxDelay}. Each wait is
 * reduced by a random jitter of up to 50 %, so that many clients do not retry at the same
 * time. A longer {@code Retry-After} of the server replaces the wait, up to
 * {@code maxDelay}.
 * <p>
 * A request that starts a job is repeated only if the server cannot have accepted it: no
 * connection was made, or the status is 429, or 503 without a job. A read-only request is
 * repeated after every transient failure. Polls of a running job use the same waits, but
 * {@link AkiClient.Builder#outageTimeout(Duration)} limits them instead of a number of
 * attempts. Change single values of the default: <pre class="code">
 * AkiRetryPolicy.DEFAULT.withMaxAttempts(6).withMaxDelay(Duration.ofSeconds(30))
 * </pre>
 *
 * @param maxAttempts the maximum number of attempts, the first one included; 1 for no
 * retry
 * @param delay the first wait
 * @param multiplier the growth of the waits, 1 or more
 * @param maxDelay the longest wait
 * @since 1.0.0
 */
public record AkiRetryPolicy(int maxAttempts, Duration delay, double multiplier, Duration maxDelay) {

	/**
	 * The default: 4 attempts, waits of up to 0.5, 1 and 2 seconds, each reduced by the
	 * jitter. The longest wait is 8 seconds, which a {@code Retry-After} can reach.
	 */
	public static final AkiRetryPolicy DEFAULT = new AkiRetryPolicy(4, Duration.ofMillis(500), 2,
			Duration.ofSeconds(8));

	/**
	 * Create a policy.
	 * @param maxAttempts the maximum number of attempts, the first one included, 1 or
	 * more
	 * @param delay the first wait, not negative, and below a day
	 * @param multiplier the growth of the waits, 1 or more
	 * @param maxDelay the longest wait, not below {@code delay}, and below a day
	 * @throws AkiSettingException if a value is out of range
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
	 * Return a policy without retries.
	 * @return a policy with one attempt
	 */
	public static AkiRetryPolicy none() {
		return DEFAULT.withMaxAttempts(1);
	}

	/**
	 * Return this policy with another number of attempts.
	 * @param maxAttempts the maximum number, the first attempt included, 1 or more
	 * @return the policy
	 */
	public AkiRetryPolicy withMaxAttempts(int maxAttempts) {
		return new AkiRetryPolicy(maxAttempts, this.delay, this.multiplier, this.maxDelay);
	}

	/**
	 * Return this policy with another first wait.
	 * @param delay the first wait, not negative, and not longer than {@code maxDelay};
	 * for a longer wait, set {@code maxDelay} first
	 * @return the policy
	 */
	public AkiRetryPolicy withDelay(Duration delay) {
		return new AkiRetryPolicy(this.maxAttempts, delay, this.multiplier, this.maxDelay);
	}

	/**
	 * Return this policy with another growth of the waits.
	 * @param multiplier the growth, 1 (equal waits) or more
	 * @return the policy
	 */
	public AkiRetryPolicy withMultiplier(double multiplier) {
		return new AkiRetryPolicy(this.maxAttempts, this.delay, multiplier, this.maxDelay);
	}

	/**
	 * Return this policy with another longest wait.
	 * @param maxDelay the longest wait, not below {@code delay}, and below a day
	 * @return the policy
	 */
	public AkiRetryPolicy withMaxDelay(Duration maxDelay) {
		return new AkiRetryPolicy(this.maxAttempts, this.delay, this.multiplier, maxDelay);
	}

}
