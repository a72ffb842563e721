package io.aki.sample.task;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.spring.boot.tasks.AkiTaskState;
import org.jspecify.annotations.Nullable;

/**
 * A task, as the API returns it.
 *
 * @param taskId the task's id
 * @param endpoint the endpoint that processes the task
 * @param prompt the start of the prompt
 * @param status the status
 * @param progress the progress from 0 to 100
 * @param queuePosition the position in AKI.IO's queue, -1 if it is not known
 * @param estimate the estimated remaining seconds, -1 if not known
 * @param attempts how often an instance has started or resumed the job
 * @param jobId the id of the job at AKI.IO, once it is known
 * @param summary the progress in words, such as {@code 50 % · about 3 s}; empty if the
 * task has ended
 * @param error why the task failed
 * @param result the result; only present if a single task is requested
 * @param createdAt when the task was submitted
 * @param updatedAt when the task last changed
 */
@JsonInclude(Include.NON_NULL)
public record TaskView(@JsonProperty("task_id") String taskId, @JsonProperty("endpoint") String endpoint,
		@JsonProperty("prompt") String prompt, @JsonProperty("status") AkiTaskState status,
		@JsonProperty("progress") double progress, @JsonProperty("queue_position") int queuePosition,
		@JsonProperty("estimate") double estimate, @JsonProperty("attempts") int attempts,
		@JsonProperty("job_id") @Nullable String jobId, @JsonProperty("summary") String summary,
		@JsonProperty("error") @Nullable String error,
		@JsonProperty("result") @Nullable Map<String, @Nullable Object> result,
		@JsonProperty("created_at") Instant createdAt, @JsonProperty("updated_at") Instant updatedAt) {

}
