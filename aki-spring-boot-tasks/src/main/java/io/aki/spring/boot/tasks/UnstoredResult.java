package io.aki.spring.boot.tasks;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A result that the database has not accepted before the application stopped.
 *
 * @param task the task as the instance had claimed it
 * @param jobId the job's id
 * @param fields the fields of the result
 */
record UnstoredResult(@JsonProperty("task") TaskRow task, @JsonProperty("job_id") @Nullable String jobId,
		@JsonProperty("fields") Map<String, @Nullable Object> fields) {

	@Override
	public String toString() {
		return this.task + ", job " + this.jobId;
	}

}
