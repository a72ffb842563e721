package io.aki.sample.task;

/**
 * What stands in the queue: a task, and which of its runs. A task that is retried gets a
 * new run, so that what is left of the last one in the queue cannot be mistaken for it.
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
