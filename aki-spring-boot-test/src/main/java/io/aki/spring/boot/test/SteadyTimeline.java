package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;

/**
 * Another timeline with its steps backward taken out: what has begun goes on from where
 * it was, however far the clock is set back. From then on, this time is ahead of the
 * other.
 */
final class SteadyTimeline implements Timeline {

	private final Timeline timeline;

	private Instant last;

	private Duration ahead = Duration.ZERO;

	SteadyTimeline(Timeline timeline) {
		this.timeline = timeline;
		this.last = timeline.now();
	}

	@Override
	public synchronized Instant now() {
		Instant now = this.timeline.now();
		if (now.isBefore(this.last)) {
			this.ahead = this.ahead.plus(Duration.between(now, this.last));
		}
		this.last = now;
		return now.plus(this.ahead);
	}

	@Override
	public void at(Instant time, Runnable action) {
		Duration lead;
		synchronized (this) {
			lead = this.ahead;
		}
		this.timeline.at(time.minus(lead), action);
	}

	@Override
	public void jump(Duration duration) {
		// seen before, so that it is this very step that is taken out
		now();
		this.timeline.jump(duration);
		now();
	}

}
