package io.aki.spring.boot.tasks;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates the threads of the tasks.
 */
final class TaskThreads {

	private TaskThreads() {
	}

	/**
	 * Return a factory of daemon threads.
	 * @param prefix the start of their names, which ends with a number
	 */
	static ThreadFactory factory(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (work) -> {
			Thread thread = new Thread(work, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

}
