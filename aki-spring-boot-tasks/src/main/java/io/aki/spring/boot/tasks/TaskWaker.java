package io.aki.spring.boot.tasks;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Makes the oldest pending task of an endpoint due when a job of that endpoint has ended.
 * It does so only if a task had to wait because of a limit of this instance, or because a
 * guard refused its start.
 */
final class TaskWaker {

	private static final Log logger = LogFactory.getLog(TaskWaker.class);

	private final TaskStore store;

	private final TaskQueue queue;

	private final RefusedStarts refusals;

	private final Set<String> waiting = ConcurrentHashMap.newKeySet();

	private volatile Runnable trigger = () -> {
	};

	TaskWaker(TaskStore store, TaskQueue queue, RefusedStarts refusals) {
		this.store = store;
		this.queue = queue;
		this.refusals = refusals;
	}

	/**
	 * Set what looks for due tasks.
	 */
	void trigger(Runnable trigger) {
		this.trigger = trigger;
	}

	/**
	 * Look for due tasks now.
	 */
	void wake() {
		this.trigger.run();
	}

	/**
	 * A task waits, because there is no room for its endpoint, or because a guard refuses
	 * its start.
	 */
	void waits(String endpoint) {
		this.waiting.add(endpoint);
	}

	/**
	 * A job has ended.
	 */
	void ended(String endpoint) {
		this.refusals.ended(endpoint);
		if (!this.waiting.contains(endpoint)) {
			return;
		}
		try {
			List<TaskKey> oldest = this.store.oldestPending(endpoint, 2);
			if (oldest.isEmpty()) {
				this.waiting.remove(endpoint);
				return;
			}
			this.queue.makeDue(oldest);
			wake();
		}
		catch (DataAccessException | TransactionException ex) {
			// the task is due later anyway
			logger.debug("The next task of " + endpoint + " could not be made due", ex);
		}
	}

}
