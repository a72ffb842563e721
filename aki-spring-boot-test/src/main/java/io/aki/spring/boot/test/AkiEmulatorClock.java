package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Clock for an {@link AkiEmulator} that changes only when a test advances it. Jobs start,
 * progress and end when the clock is advanced. Thread-safe.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorClock implements InstantSource {

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private volatile Instant now;

	private AkiEmulatorClock(Instant start) {
		this.now = Objects.requireNonNull(start, "start");
	}

	/**
	 * Create a clock that starts at a fixed time.
	 * @return a clock at the start of the year 2026 (UTC)
	 */
	public static AkiEmulatorClock create() {
		return startingAt(Instant.parse("2026-01-01T00:00:00Z"));
	}

	/**
	 * Create a clock that starts at a given time.
	 * @param start the start time
	 * @return a clock at that time
	 */
	public static AkiEmulatorClock startingAt(Instant start) {
		return new AkiEmulatorClock(start);
	}

	@Override
	public Instant instant() {
		return this.now;
	}

	/**
	 * Advance the clock. When this method returns, everything that was due has happened.
	 * Calls that waited for a job that has ended get their response in other threads,
	 * possibly after this method returns.
	 * @param duration the duration, not negative
	 * @throws IllegalArgumentException if the duration is negative
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("Time does not run backwards: " + duration);
		}
		jump(duration);
	}

	/**
	 * Set the clock to another time. A positive duration has the same effect as
	 * {@link #advance(Duration)}. With a negative duration, jobs keep their progress,
	 * because the emulator's time for jobs never goes back. From then on, the times of
	 * jobs are ahead of this clock.
	 * @param duration the difference, which may be negative
	 */
	public void jump(Duration duration) {
		synchronized (this) {
			this.now = this.now.plus(duration);
		}
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Register a listener that is called after each change of the clock.
	 * @param listener the listener
	 * @return an action that removes the listener
	 */
	Runnable attach(Runnable listener) {
		this.listeners.add(listener);
		return () -> this.listeners.remove(listener);
	}

	@Override
	public String toString() {
		return "AkiEmulatorClock[" + this.now + "]";
	}

}
