package io.aki.spring.boot.test;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * The emulator's threads, all of them. They start and stop with the HTTP server.
 */
final class EmulatorThreads {

	private final QueuedThreadPool pool = new QueuedThreadPool(24, 4);

	private final ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler("aki-emulator-timer", true);

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

}
