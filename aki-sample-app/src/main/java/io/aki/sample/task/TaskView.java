package io.aki.sample.task;

import java.time.OffsetDateTime;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A task, as the API returns it.
 *
 * @param taskId the task's id
 * @param endpoint the endpoint that processes the task
 * @param worker the worker that processes the task
 * @param prompt the start of the prompt
 * @param status the status
 * @param progress the progress from 0 to 100
 * @param queuePosition the position in AKI.IO's queue, -1 if the job is not queued
 * @param estimate the estimated remaining seconds, -1 if not known
 * @param message what AKI.IO's worker is doing
 * @param attempts how often the task was claimed by a worker
 * @param jobId the id of the job at AKI.IO, once it is known
 * @param error why the task failed
 * @param result the result; only present if a single task is requested
 * @param createdAt when the task was submitted
 * @param updatedAt when the task last changed
 */
@JsonInclude(Include.NON_NULL)
record TaskView(@JsonProperty("task_id") String taskId, @JsonProperty("endpoint") String endpoint,
		@JsonProperty("worker") WorkerKind worker, @JsonProperty("prompt") String prompt,
		@JsonProperty("status") TaskStatus status, @JsonProperty("progress") double progress,
		@JsonProperty("queue_position") int queuePosition, @JsonProperty("estimate") double estimate,
		@JsonProperty("message") @Nullable String message, @JsonProperty("attempts") int attempts,
		@JsonProperty("job_id") @Nullable String jobId, @JsonProperty("error") @Nullable String error,
		@JsonProperty("result") @Nullable Map<String, Object> result,
		@JsonProperty("created_at") OffsetDateTime createdAt, @JsonProperty("updated_at") OffsetDateTime updatedAt) {

	static TaskView of(Task task) {
		return of(task, null);
	}

	static TaskView of(Task task, @Nullable Map<String, Object> result) {
		return new TaskView(task.id(), task.endpoint(), task.worker(), task.prompt(), task.status(), task.progress(),
				task.queuePosition(), task.estimate(), task.message(), task.attempt(), task.jobId(), task.error(),
				result, task.createdAt(), task.updatedAt());
	}

}
