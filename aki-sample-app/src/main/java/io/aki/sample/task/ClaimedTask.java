package io.aki.sample.task;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A task in the hands of a worker.
 *
 * @param id the task's id
 * @param attempt the fence: what a worker writes counts only as long as the task has not
 * been taken again
 * @param endpoint the endpoint that does it
 * @param worker which worker does it
 * @param params the endpoint's parameters
 * @param jobId the job that an earlier worker had started
 * @param takenBefore whether an earlier worker had begun with it
 */
public record ClaimedTask(String id, int attempt, String endpoint, WorkerKind worker, Map<String, Object> params,
		@Nullable String jobId, boolean takenBefore) {

	@Override
	public String toString() {
		return "task " + this.id + ", attempt " + this.attempt;
	}

}
