package io.aki.spring.boot.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What the execution of a task needs to know of its row.
 *
 * @param key the task's id and run
 * @param endpoint the endpoint of the job
 * @param owner the owner, empty if the task has none
 * @param state the state
 * @param attempt the fencing token: a write of another attempt changes nothing
 * @param instance the instance that follows the job, or {@code null}
 * @param jobId the job's id, or {@code null}
 * @param cancelRequested whether the task is to be canceled
 */
record TaskRow(@JsonProperty("key") TaskKey key, @JsonProperty("endpoint") String endpoint,
		@JsonProperty("owner") String owner, @JsonProperty("state") AkiTaskState state,
		@JsonProperty("attempt") int attempt, @JsonProperty("instance") @Nullable String instance,
		@JsonProperty("job_id") @Nullable String jobId, @JsonProperty("cancel_requested") boolean cancelRequested) {

	@Override
	public String toString() {
		return "task " + this.key.id() + ", attempt " + this.attempt;
	}

}
