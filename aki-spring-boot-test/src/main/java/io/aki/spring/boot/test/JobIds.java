package io.aki.spring.boot.test;

import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Creates job ids. Each id is a random UUID, {@code #} and a consecutive number.
 * Thread-safe.
 */
final class JobIds {

	private final SplittableRandom random;

	private int number;

	JobIds(long seed) {
		this.random = new SplittableRandom(seed);
	}

	synchronized String next() {
		long high = (this.random.nextLong() & 0xffffffffffff0fffL) | 0x0000000000004000L;
		long low = (this.random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
		return new UUID(high, low) + "#" + ++this.number;
	}

}
