package io.aki.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import io.aki.client.ApiOutcome.Answer;
import io.aki.client.ApiOutcome.NoAnswer;
import io.aki.client.http.ExchangeFailure;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an exchange may be repeated, and after which wait.
 *
 * @param policy the limits
 * @param random values from 0 (inclusive) to 1 (exclusive)
 */
record Backoff(AkiRetryPolicy policy, DoubleSupplier random) {

	/**
	 * Return the wait before a request that starts a job is repeated: only where the
	 * server cannot have taken it.
	 * @param attempt the number of attempts made, 1 or more
	 * @return the wait, or {@code null} if the request must not be repeated
	 */
	@Nullable Duration retryDelayForStart(ApiOutcome outcome, int attempt) {
		boolean notTaken = switch (outcome.status()) {
			case 429, 503 -> !namesJob(outcome);
			case 0 -> outcome instanceof NoAnswer none && none.kind() == ExchangeFailure.NOT_CONNECTED;
			default -> false;
		};
		return (notTaken && attempt < this.policy.maxAttempts()) ? delay(attempt, outcome.retryAfter()) : null;
	}

	/**
	 * Return whether a response names a job, also one that is cut off.
	 */
	private static boolean namesJob(ApiOutcome outcome) {
		return ResponseReader.jobId(outcome) != null
				|| (outcome instanceof NoAnswer none && none.message().contains("\"job_id\""));
	}

	/**
	 * Return the wait before a request that changes nothing is repeated.
	 * @param attempt the number of attempts made, 1 or more
	 * @return the wait, or {@code null} if the request is not to be repeated
	 */
	@Nullable Duration retryDelayForRead(ApiOutcome outcome, int attempt) {
		return (isTransient(outcome) && !isRefusal(outcome.status()) && attempt < this.policy.maxAttempts())
				? delay(attempt, outcome.retryAfter()) : null;
	}

	/**
	 * Return whether a failure may pass by itself. A page of a gateway may, whatever its
	 * status: the API is behind it.
	 */
	static boolean isTransient(ApiOutcome outcome) {
		if (outcome instanceof Answer answer) {
			return answer.status() >= 400 && !isRefusal(answer.status());
		}
		return switch (((NoAnswer) outcome).kind()) {
			case NOT_CONNECTED, NOT_SENT, BROKEN, TIMED_OUT, NOT_API_JSON -> true;
			case NOT_TRUSTED, INTERRUPTED, TOO_LARGE, REDIRECTED -> false;
		};
	}

	private static boolean isRefusal(int status) {
		return status >= 400 && status < 500 && status != 408 && status != 429;
	}

	/**
	 * Return the wait after a number of failures.
	 * @param failures how many there were in a row, 1 or more
	 * @param retryAfter the wait that the server asked for
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
	 * Return by which part of itself a wait is to be kept: by chance, above a half.
	 */
	double fraction() {
		return 1 - this.random.getAsDouble() / 2;
	}

}
