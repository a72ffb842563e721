package io.aki.spring.boot.test;

import java.time.Instant;

/**
 * The time of a clock that is advanced by hand.
 */
final class ManualTimeline implements Timeline {

	private final AkiEmulatorClock clock;

	ManualTimeline(AkiEmulatorClock clock) {
		this.clock = clock;
	}

	@Override
	public Instant now() {
		return this.clock.instant();
	}

	@Override
	public void at(Instant time, Runnable action) {
		// whoever advances the clock does what is due
	}

}
