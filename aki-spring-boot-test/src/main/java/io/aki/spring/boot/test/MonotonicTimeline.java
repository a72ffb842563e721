package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;

/**
 * A timeline that never goes back. It uses the clock of another timeline. If that clock
 * goes back, the time of this timeline is ahead of it from then on.
 */
final class MonotonicTimeline implements Timeline {

	private final Timeline timeline;

	private Instant last;

	private Duration ahead = Duration.ZERO;

	MonotonicTimeline(Timeline timeline) {
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
		// read the time before and after the change, so that exactly this change is
		// compensated if the clock goes back
		now();
		this.timeline.jump(duration);
		now();
	}

}
