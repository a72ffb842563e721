package io.aki.sample.task;

import java.util.Optional;
import java.util.UUID;

import io.aki.sample.SampleProperties;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What users can do with tasks. Each is one transaction, the queue's part included: a
 * task is written and enqueued, or neither.
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
	 * @return its id
	 * @throws TooManyTasksException if too many wait already
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
	 * Cancel a task. One that waits is canceled at once; one that runs, as soon as its
	 * worker, which may be in another instance, looks.
	 * @param id the task's id
	 * @return whether it had not ended
	 */
	@Transactional
	public boolean cancel(String id) {
		return this.store.cancelPending(id) || this.store.requestCancel(id);
	}

	/**
	 * Do a task again that has failed or was canceled. This starts, and pays for, another
	 * job.
	 * @param id the task's id
	 * @return whether it had failed or was canceled
	 * @throws TooManyTasksException if too many wait already
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
