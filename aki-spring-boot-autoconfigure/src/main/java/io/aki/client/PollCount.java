package io.aki.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts polls and their durations. There are too many polls for one observation each.
 */
final class PollCount {

	private final AtomicInteger inFlight = new AtomicInteger();

	private final Sum answered = new Sum();

	private final Sum failed = new Sum();

	ApiResponse count(Supplier<ApiResponse> poll) {
		this.inFlight.incrementAndGet();
		long started = System.nanoTime();
		Sum sum = this.failed;
		try {
			ApiResponse response = poll.get();
			if (response.isFromApi() && !response.hasErrorStatus()) {
				sum = this.answered;
			}
			return response;
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
