package io.aki.sample.task;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * A task to submit.
 *
 * @param endpoint the endpoint that processes the task
 * @param params the endpoint's parameters, with binary values as data URIs
 * @param worker the worker that processes the task; by default the worker with progress
 */
public record NewTask(
		@JsonProperty("endpoint") @NotNull @Size(max = 100) @Pattern(regexp = "[A-Za-z0-9._~-]*[A-Za-z0-9_~-]+",
				message = "must be the name of an endpoint, such as z_image_turbo") String endpoint,
		@JsonProperty("params") @NotNull @Size(max = 100) Map<String, Object> params,
		@JsonProperty("worker") @Nullable WorkerKind worker) {

	private static final int PROMPT_LENGTH = 120;

	WorkerKind kind() {
		return (this.worker != null) ? this.worker : WorkerKind.PROGRESS;
	}

	/**
	 * Return the text that lists show for this task.
	 * @return the start of the prompt; empty if there is none
	 */
	String prompt() {
		String prompt = Stream.of("prompt", "text", "prompt_input", "text_context")
			.map(this.params::get)
			.filter(String.class::isInstance)
			.map(Objects::toString)
			.findFirst()
			.orElseGet(() -> lastMessage(this.params.get("chat_context")))
			.strip();
		return (prompt.length() > PROMPT_LENGTH) ? prompt.substring(0, PROMPT_LENGTH - 1) + "…" : prompt;
	}

	private static String lastMessage(@Nullable Object context) {
		return (context instanceof List<?> messages && !messages.isEmpty()
				&& messages.get(messages.size() - 1) instanceof Map<?, ?> message
				&& message.get("content") instanceof String content) ? content : "";
	}

}
