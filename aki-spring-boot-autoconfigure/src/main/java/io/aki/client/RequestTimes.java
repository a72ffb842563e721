package io.aki.client;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How long a request may take.
 *
 * @param untilAnswer until the answer's headers are there, or {@code null} for no bound
 * @param deadline when the whole answer must be there, as {@link System#nanoTime()}, or
 * {@code null} for no bound
 */
record RequestTimes(@Nullable Duration untilAnswer, @Nullable Long deadline) {

	/**
	 * Read the times from a request's attributes. The read timeout alone bounds both.
	 */
	static RequestTimes of(Map<String, Object> attributes) {
		Duration readTimeout = (Duration) attributes.get(ReadTimeoutRequestFactory.READ_TIMEOUT);
		Long deadline = (Long) attributes.get(ReadTimeoutRequestFactory.DEADLINE);
		long now = System.nanoTime();
		if (deadline == null) {
			return new RequestTimes(readTimeout, (readTimeout != null) ? now + readTimeout.toNanos() : null);
		}
		Duration left = Duration.ofNanos(deadline - now);
		boolean earlier = readTimeout == null || left.compareTo(readTimeout) < 0;
		return new RequestTimes(earlier ? left : readTimeout, deadline);
	}

}
