package io.aki.sample.task;

import java.time.OffsetDateTime;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A task as the API tells it.
 *
 * @param taskId the task's id
 * @param endpoint the endpoint that does it
 * @param worker which worker does it
 * @param prompt the beginning of what was asked for
 * @param status how far it is
 * @param progress from 0 to 100
 * @param queuePosition its place in AKI.IO's queue, -1 if it is in none
 * @param estimate the seconds that it will still take, -1 if not known
 * @param message what AKI.IO's worker is doing
 * @param attempts how often a worker has taken it
 * @param jobId the job at AKI.IO, once it is known
 * @param error why it failed
 * @param result what came of it, told of single tasks alone
 * @param createdAt when it was submitted
 * @param updatedAt when it last changed
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
