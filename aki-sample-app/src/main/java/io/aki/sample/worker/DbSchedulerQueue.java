package io.aki.sample.worker;

import java.time.Instant;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.aki.sample.task.TaskQueue;
import io.aki.sample.task.TaskRun;

import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Stores the queue in a table of the same database, so that one transaction includes the
 * task and its queue entry.
 */
@Component
class DbSchedulerQueue implements TaskQueue {

	/**
	 * The name of our tasks in db-scheduler.
	 */
	static final String NAME = "aki-task";

	private final Scheduler scheduler;

	DbSchedulerQueue(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	@Override
	public void add(TaskRun run) {
		this.scheduler.scheduleIfNotExists(new TaskInstance<>(NAME, run.toString()), Instant.now());
		// the immediate execution of db-scheduler polls before the transaction has been
		// committed
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				DbSchedulerQueue.this.scheduler.triggerCheckForDueExecutions();
			}

		});
	}

}
