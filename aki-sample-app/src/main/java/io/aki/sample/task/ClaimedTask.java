package io.aki.sample.task;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A task that a worker has claimed.
 *
 * @param id the task's id
 * @param attempt the fencing token; a write of the worker is accepted only until the task
 * is claimed again
 * @param endpoint the endpoint that processes the task
 * @param worker the worker that processes the task
 * @param params the endpoint's parameters
 * @param jobId the id of the job that an earlier worker started
 * @param takenBefore whether an earlier worker had claimed the task
 */
public record ClaimedTask(String id, int attempt, String endpoint, WorkerKind worker, Map<String, Object> params,
		@Nullable String jobId, boolean takenBefore) {

	@Override
	public String toString() {
		return "task " + this.id + ", attempt " + this.attempt;
	}

}
