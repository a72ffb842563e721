package io.aki.spring.boot.test;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * The thread pool and the timer of the emulator. They start and stop with the HTTP
 * server.
 */
final class EmulatorThreads {

	private static final long LONGEST_MILLIS = 2000;

	private final QueuedThreadPool pool = new QueuedThreadPool(24, 4);

	private final ThreadGroup timers = new ThreadGroup("aki-emulator-timers");

	private final ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler("aki-emulator-timer", true, null,
			this.timers);

	EmulatorThreads() {
		this.pool.setName("aki-emulator");
		this.pool.setDaemon(true);
	}

	QueuedThreadPool pool() {
		return this.pool;
	}

	ScheduledExecutorScheduler timer() {
		return this.timer;
	}

	/**
	 * Wait until the threads of the timer have ended, at most 2 seconds for each. The
	 * pool waits for its own threads when it stops, but the timer does not.
	 * @throws InterruptedException if the wait is interrupted
	 */
	void awaitEnd() throws InterruptedException {
		Thread[] left = new Thread[this.timers.activeCount()];
		int count = this.timers.enumerate(left);
		for (int i = 0; i < count; i++) {
			left[i].join(LONGEST_MILLIS);
		}
	}

}
