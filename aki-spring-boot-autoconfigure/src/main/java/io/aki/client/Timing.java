package io.aki.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The clock and the random numbers, which tests replace.
 *
 * @param clock a monotonic clock in nanoseconds
 * @param random values from 0 (inclusive) to 1 (exclusive)
 * @param sleeper lets the calling thread wait
 */
record Timing(LongSupplier clock, DoubleSupplier random, Sleeper sleeper) {

	static final Timing REAL = new Timing(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble(),
			(duration) -> TimeUnit.NANOSECONDS.sleep(duration.toNanos()));

	interface Sleeper {

		void sleep(Duration duration) throws InterruptedException;

	}

}
