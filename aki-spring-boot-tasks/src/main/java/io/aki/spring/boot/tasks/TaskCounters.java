package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what this instance has done. Thread-safe.
 */
final class TaskCounters {

	private final LongAdder submitted = new LongAdder();

	private final LongAdder writes = new LongAdder();

	private final LongAdder lostLeases = new LongAdder();

	private final LongAdder started = new LongAdder();

	private final LongAdder waitingNanos = new LongAdder();

	private final Map<AkiTaskState, LongAdder> ended = new EnumMap<>(AkiTaskState.class);

	TaskCounters() {
		for (AkiTaskState state : AkiTaskState.values()) {
			this.ended.put(state, new LongAdder());
		}
	}

	void submitted() {
		this.submitted.increment();
	}

	void written(int statements) {
		this.writes.add(statements);
	}

	void leaseLost() {
		this.lostLeases.increment();
	}

	void started(Duration waited) {
		this.started.increment();
		this.waitingNanos.add(Math.max(0, waited.toNanos()));
	}

	void ended(AkiTaskState state) {
		count(state).increment();
	}

	long submittedCount() {
		return this.submitted.sum();
	}

	/**
	 * Return how many statements have written to the database, including each statement
	 * of a batch.
	 */
	long writeCount() {
		return this.writes.sum();
	}

	long lostLeaseCount() {
		return this.lostLeases.sum();
	}

	long startedCount() {
		return this.started.sum();
	}

	/**
	 * Return how long the started tasks had been pending, in nanoseconds.
	 */
	long waitingNanos() {
		return this.waitingNanos.sum();
	}

	long endedCount(AkiTaskState state) {
		return count(state).sum();
	}

	private LongAdder count(AkiTaskState state) {
		return Objects.requireNonNull(this.ended.get(state));
	}

}
