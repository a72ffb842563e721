package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A clock that stands still until it is told to go on. An emulator that lives by it does
 * nothing behind a test's back: jobs start, progress and end as the clock is advanced.
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
	 * Creates a clock that shows the same time in every run.
	 * @return a clock at the beginning of the year 2026 (UTC)
	 */
	public static AkiEmulatorClock create() {
		return startingAt(Instant.parse("2026-01-01T00:00:00Z"));
	}

	/**
	 * Creates a clock that shows a given time.
	 * @param start the time to begin with
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
	 * Moves the time on. What was due on the way has happened when this method returns;
	 * calls that waited for a job that has ended are then being answered.
	 * @param duration how far, not negative
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("Time does not run backwards: " + duration);
		}
		jump(duration);
	}

	/**
	 * Sets the clock to another time, as an operator does with a wrong one. Forward, it
	 * is like {@link #advance(Duration)}. Backward, jobs go on from where they were: the
	 * time that they live by stands still and goes on as the clock is advanced, so the
	 * times in the emulator's registry are ahead of the clock from then on.
	 * @param duration how far, negative for backward
	 */
	public void jump(Duration duration) {
		synchronized (this) {
			this.now = this.now.plus(duration);
		}
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Has someone told of each change.
	 * @param listener whom to tell
	 * @return what ends it
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
