package io.aki.sample.task;

/**
 * An entry in the queue: a task and the number of its run. A retried task gets a new run.
 * Therefore, an old entry of an earlier run cannot be confused with the new run.
 *
 * @param taskId the task's id
 * @param run the number of the run
 */
public record TaskRun(String taskId, int run) {

	public static TaskRun parse(String text) {
		int end = text.indexOf('.');
		return new TaskRun(text.substring(0, end), Integer.parseInt(text.substring(end + 1)));
	}

	@Override
	public String toString() {
		return this.taskId + "." + this.run;
	}

}
