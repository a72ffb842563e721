package io.aki.sample.task;

/**
 * The state of a worker's claim on its task. The worker receives it when it reports.
 */
public enum Ownership {

	/**
	 * The worker still owns the task and continues.
	 */
	MINE,

	/**
	 * A user has requested to cancel the task.
	 */
	TO_BE_CANCELED,

	/**
	 * Another worker has claimed the task.
	 */
	LOST

}
