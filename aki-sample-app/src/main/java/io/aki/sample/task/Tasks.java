package io.aki.sample.task;

import java.util.Optional;
import java.util.UUID;

import io.aki.sample.SampleProperties;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Submits, cancels and retries tasks for users. Each operation is one transaction that
 * includes the queue. Either a task is stored and enqueued, or nothing is changed.
 */
@Service
public class Tasks {

	private final TaskStore store;

	private final TaskQueue queue;

	private final int mostUnfinished;

	Tasks(TaskStore store, TaskQueue queue, SampleProperties properties) {
		this.store = store;
		this.queue = queue;
		this.mostUnfinished = properties.maxUnfinishedTasks();
	}

	/**
	 * Submit a task.
	 * @param task the task
	 * @return the task's id
	 * @throws TooManyTasksException if too many tasks are unfinished
	 */
	@Transactional
	public String submit(NewTask task) {
		assertRoom();
		TaskRun run = new TaskRun(UUID.randomUUID().toString(), 1);
		this.store.insert(run, task);
		this.queue.add(run);
		return run.taskId();
	}

	/**
	 * Cancel a task. A pending task is canceled immediately. A running task is canceled
	 * when its worker, which may be in another instance, next checks the task.
	 * @param id the task's id
	 * @return whether the task had not ended
	 */
	@Transactional
	public boolean cancel(String id) {
		return this.store.cancelPending(id) || this.store.requestCancel(id);
	}

	/**
	 * Retry a task that has failed or was canceled. This starts another job, which must
	 * be paid for.
	 * @param id the task's id
	 * @return whether the task had failed or was canceled
	 * @throws TooManyTasksException if too many tasks are unfinished
	 */
	@Transactional
	public boolean retry(String id) {
		assertRoom();
		Optional<TaskRun> run = this.store.reset(id);
		run.ifPresent(this.queue::add);
		return run.isPresent();
	}

	private void assertRoom() {
		if (this.store.countUnfinished() >= this.mostUnfinished) {
			throw new TooManyTasksException(this.mostUnfinished);
		}
	}

}
