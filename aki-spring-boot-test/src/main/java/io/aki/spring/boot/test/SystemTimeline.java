package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A timeline that uses the system clock.
 */
final class SystemTimeline implements Timeline {

	private final Scheduler scheduler;

	private volatile Duration set = Duration.ZERO;

	SystemTimeline(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	@Override
	public Instant now() {
		return Instant.now().plus(this.set);
	}

	@Override
	public void at(Instant time, Runnable action) {
		// rounded up, because the action must not run before it is due
		long millis = Math.max(0, Duration.between(now(), time).toMillis()) + 1;
		this.scheduler.schedule(action, millis, TimeUnit.MILLISECONDS);
	}

	@Override
	public synchronized void jump(Duration duration) {
		this.set = this.set.plus(duration);
	}

}
