package io.aki.spring.boot.tasks;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The tasks whose jobs this instance follows, and the limits of their number.
 * Thread-safe.
 */
final class RunningTasks {

	private final int max;

	private final int maxPerEndpoint;

	private final Map<String, RunningTask> tasks = new LinkedHashMap<>();

	private final Map<String, Integer> endpoints = new HashMap<>();

	private boolean closed;

	RunningTasks(int max, int maxPerEndpoint) {
		this.max = max;
		this.maxPerEndpoint = maxPerEndpoint;
	}

	/**
	 * Return whether another task of an endpoint may run. The caller adds it afterwards;
	 * tasks that are added at the same time may exceed the limit by the number of the
	 * threads of the queue.
	 */
	synchronized boolean hasRoom(String endpoint) {
		return !this.closed && this.tasks.size() < this.max
				&& this.endpoints.getOrDefault(endpoint, 0) < this.maxPerEndpoint;
	}

	/**
	 * Add a task. If this instance still follows an earlier attempt, it stops following
	 * it.
	 * @return {@code false} if no task is accepted any more
	 */
	boolean add(RunningTask task) {
		RunningTask earlier;
		synchronized (this) {
			if (this.closed) {
				return false;
			}
			earlier = this.tasks.put(task.row().key().id(), task);
			if (earlier == null) {
				this.endpoints.merge(task.row().endpoint(), 1, Integer::sum);
			}
		}
		if (earlier != null && earlier.row().key().equals(task.row().key())) {
			earlier.release();
		}
		else if (earlier != null) {
			// nobody waits for the job of an earlier run
			earlier.cancel();
		}
		return true;
	}

	/**
	 * Remove a task that has ended here.
	 */
	synchronized void remove(RunningTask task) {
		if (this.tasks.remove(task.row().key().id(), task)) {
			this.endpoints.merge(task.row().endpoint(), -1, Integer::sum);
			this.endpoints.remove(task.row().endpoint(), 0);
		}
		notifyAll();
	}

	synchronized @Nullable RunningTask get(String id) {
		return this.tasks.get(id);
	}

	synchronized List<RunningTask> all() {
		return List.copyOf(this.tasks.values());
	}

	synchronized int size() {
		return this.tasks.size();
	}

	synchronized boolean isClosed() {
		return this.closed;
	}

	/**
	 * Accept no further tasks.
	 */
	synchronized void close() {
		this.closed = true;
	}

	/**
	 * Wait until there are no tasks.
	 * @param nanos the maximum wait
	 */
	synchronized void awaitEmpty(long nanos) throws InterruptedException {
		long until = System.nanoTime() + nanos;
		while (!this.tasks.isEmpty()) {
			long millis = (until - System.nanoTime()) / 1_000_000;
			if (millis <= 0) {
				return;
			}
			wait(millis);
		}
	}

}
