package io.aki.sample.task;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A task to submit.
 *
 * @param endpoint the endpoint that processes the task
 * @param params the endpoint's parameters, with binary values as data URIs
 */
public record NewTask(
		@JsonProperty("endpoint") @NotNull @Size(max = 100) @Pattern(regexp = "[A-Za-z0-9._~-]*[A-Za-z0-9_~-]+",
				message = "must be the name of an endpoint, such as z_image_turbo") String endpoint,
		@JsonProperty("params") @NotNull @Size(max = 100) Map<String, Object> params) {

	public AkiTaskRequest request() {
		return AkiTaskRequest.of(this.endpoint, this.params).metadata(TaskMetadata.of(this.params));
	}

}
