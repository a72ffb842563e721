package io.aki.sample.task;

/**
 * Queues tasks. This instance or another instance executes them.
 */
public interface TaskQueue {

	/**
	 * Enqueue a run in the current transaction.
	 * @param run the run
	 */
	void add(TaskRun run);

}
