package io.aki.sample.task;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

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

	/**
	 * Return the request that stores the task.
	 * @throws ResponseStatusException if a text contains the character U+0000, with the
	 * status 400
	 */
	// tag::request[]
	public AkiTaskRequest request() {
		if (containsNul(this.params)) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"A text contains the character NUL (U+0000), which is not allowed");
		}
		return AkiTaskRequest.of(this.endpoint, this.params).metadata(TaskMetadata.of(this.params));
	}
	// end::request[]

	private static boolean containsNul(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return containsNul(map.keySet()) || containsNul(map.values());
		}
		if (value instanceof Iterable<?> values) {
			for (Object element : values) {
				if (containsNul(element)) {
					return true;
				}
			}
			return false;
		}
		return value instanceof String text && text.indexOf('\0') >= 0;
	}

}
