package io.aki.sample.task;

/**
 * Has tasks done, in this instance or another.
 */
public interface TaskQueue {

	/**
	 * Enqueue a run, in the transaction that is under way.
	 * @param run the run
	 */
	void add(TaskRun run);

}
