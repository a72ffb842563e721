package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Remembers for a short time that the start of a job was refused on this instance, so
 * that the other tasks of the same endpoint and owner do not ask the guards again. After
 * that time, one of them asks. Thread-safe.
 */
final class RefusedStarts {

	/** The maximum time, because a guard may allow the next task. */
	static final Duration DELAY_MAX = Duration.ofSeconds(2);

	/**
	 * If the starts of so many owners are refused, no task of the endpoint asks: the
	 * limit may be one of the endpoint.
	 */
	static final int OWNERS_MAX = 10;

	private static final Duration RETENTION = Duration.ofMinutes(1);

	private final LongSupplier clock;

	/** When the tasks of an owner may ask again, for each endpoint. */
	private final Map<String, Map<String, Long>> endpoints = new HashMap<>();

	/**
	 * Create an empty memory.
	 * @param clock a monotonic clock in nanoseconds
	 */
	RefusedStarts(LongSupplier clock) {
		this.clock = clock;
	}

	/**
	 * Return whether a task may ask the guards. The caller then asks, and calls
	 * {@link #refused} or {@link #allowed}.
	 */
	synchronized boolean mayAsk(TaskRow task) {
		Map<String, Long> owners = this.endpoints.get(task.endpoint());
		if (owners == null) {
			return true;
		}
		long now = this.clock.getAsLong();
		if (owners.values().stream().filter((time) -> time - now > 0).count() >= OWNERS_MAX) {
			return false;
		}
		Long time = owners.get(task.owner());
		if (time != null && time - now > 0) {
			return false;
		}
		if (time != null) {
			// one task asks, the others wait for its answer
			owners.put(task.owner(), now + DELAY_MAX.toNanos());
		}
		return true;
	}

	/**
	 * The start of a task was refused.
	 * @param retryAfter when it may be allowed, not negative; at most {@link #DELAY_MAX}
	 * has an effect
	 */
	synchronized void refused(TaskRow task, Duration retryAfter) {
		long now = this.clock.getAsLong();
		Duration delay = (retryAfter.compareTo(DELAY_MAX) < 0) ? retryAfter : DELAY_MAX;
		Map<String, Long> owners = this.endpoints.computeIfAbsent(task.endpoint(), (endpoint) -> new HashMap<>());
		owners.values().removeIf((time) -> now - time > RETENTION.toNanos());
		owners.put(task.owner(), now + delay.toNanos());
	}

	/**
	 * The start of a task was allowed.
	 */
	synchronized void allowed(TaskRow task) {
		this.endpoints.computeIfPresent(task.endpoint(), (endpoint, owners) -> without(owners, task.owner()));
	}

	private static @Nullable Map<String, Long> without(Map<String, Long> owners, String owner) {
		owners.remove(owner);
		return owners.isEmpty() ? null : owners;
	}

	/**
	 * A job of an endpoint has ended: there may be room for another one.
	 */
	synchronized void ended(String endpoint) {
		this.endpoints.remove(endpoint);
	}

}
