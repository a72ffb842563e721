package io.aki.spring.boot.tasks;

import io.aki.client.AkiResult;

/**
 * How the execution of a task has ended on this instance.
 */
sealed interface TaskEnd {

	RunningTask task();

	/**
	 * The job has a result.
	 *
	 * @param task the task
	 * @param result the result
	 */
	record Completed(RunningTask task, AkiResult result) implements TaskEnd {

	}

	/**
	 * The job has failed or was canceled.
	 *
	 * @param task the task
	 * @param failure the failure
	 */
	record Failed(RunningTask task, TaskFailure failure) implements TaskEnd {

	}

	/**
	 * The job continues without this instance.
	 *
	 * @param task the task
	 */
	record GivenBack(RunningTask task) implements TaskEnd {

	}

	/**
	 * The job was certainly not started.
	 *
	 * @param task the task
	 */
	record Postponed(RunningTask task) implements TaskEnd {

	}

}
