package io.aki.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time and chance, which tests replace.
 *
 * @param clock nanoseconds of a clock that never goes back
 * @param random values from 0 (inclusive) to 1 (exclusive)
 * @param sleeper lets the present thread wait
 */
record Timing(LongSupplier clock, DoubleSupplier random, Sleeper sleeper) {

	static final Timing REAL = new Timing(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble(),
			(duration) -> TimeUnit.NANOSECONDS.sleep(duration.toNanos()));

	interface Sleeper {

		void sleep(Duration duration) throws InterruptedException;

	}

}
