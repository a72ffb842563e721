package io.aki.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import io.aki.client.ApiOutcome.Answer;

/**
 * Counts polls and their times. There are too many of them for an observation each.
 */
final class PollCount {

	private final AtomicInteger inFlight = new AtomicInteger();

	private final Sum answered = new Sum();

	private final Sum failed = new Sum();

	ApiOutcome count(Supplier<ApiOutcome> poll) {
		this.inFlight.incrementAndGet();
		long started = System.nanoTime();
		Sum sum = this.failed;
		try {
			ApiOutcome outcome = poll.get();
			if (outcome instanceof Answer && outcome.status() < 400) {
				sum = this.answered;
			}
			return outcome;
		}
		finally {
			sum.add(System.nanoTime() - started);
			this.inFlight.decrementAndGet();
		}
	}

	int inFlight() {
		return this.inFlight.get();
	}

	Sum answered() {
		return this.answered;
	}

	Sum failed() {
		return this.failed;
	}

	static final class Sum {

		private final LongAdder count = new LongAdder();

		private final LongAdder nanos = new LongAdder();

		private void add(long nanos) {
			this.nanos.add(nanos);
			this.count.increment();
		}

		long count() {
			return this.count.sum();
		}

		Duration time() {
			return Duration.ofNanos(this.nanos.sum());
		}

	}

}
