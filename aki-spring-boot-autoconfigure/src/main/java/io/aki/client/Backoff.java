package io.aki.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether an exchange is repeated, and after which delay.
 *
 * @param policy the limits
 * @param random values from 0 (inclusive) to 1 (exclusive)
 */
record Backoff(AkiRetryPolicy policy, DoubleSupplier random) {

	/**
	 * Return the delay before a request that starts a job is repeated. It is repeated
	 * only if the server cannot have taken it.
	 * @param attempt the number of attempts made, 1 or more
	 * @return the delay, or {@code null} if the request must not be repeated
	 */
	@Nullable Duration retryDelayForStart(ApiResponse response, int attempt) {
		return (response.isRetryableStart() && attempt < this.policy.maxAttempts())
				? delay(attempt, response.retryAfter()) : null;
	}

	/**
	 * Return the delay before a request that changes nothing on the server is repeated.
	 * @param attempt the number of attempts made, 1 or more
	 * @return the delay, or {@code null} if the request must not be repeated
	 */
	@Nullable Duration retryDelayForRead(ApiResponse response, int attempt) {
		return (response.isTransientFailure() && !response.isRejected() && attempt < this.policy.maxAttempts())
				? delay(attempt, response.retryAfter()) : null;
	}

	/**
	 * Return the delay after consecutive failures.
	 * @param failures the number of failures, 1 or more
	 * @param retryAfter the delay that the server asked for
	 */
	Duration delay(int failures, @Nullable Duration retryAfter) {
		double maxNanos = this.policy.maxDelay().toNanos();
		double nanos = Math.min(maxNanos,
				this.policy.delay().toNanos() * Math.pow(this.policy.multiplier(), failures - 1.0));
		Duration delay = Duration.ofNanos((long) (nanos * fraction()));
		if (retryAfter == null || retryAfter.compareTo(delay) <= 0) {
			return delay;
		}
		return (retryAfter.compareTo(this.policy.maxDelay()) < 0) ? retryAfter : this.policy.maxDelay();
	}

	/**
	 * Return a random factor for a delay, greater than 0.5 and at most 1.
	 */
	double fraction() {
		return 1 - this.random.getAsDouble() / 2;
	}

}
