package io.aki.sample.chat;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How the next questions of a conversation are answered.
 *
 * @param endpoint the endpoint that answers
 * @param system the system prompt, or {@code null}
 * @param temperature the temperature, or {@code null} for that of the endpoint
 * @param maxTokens the maximum number of tokens of an answer, or {@code null} for that of
 * the endpoint
 */
@JsonNaming(SnakeCaseStrategy.class)
record Settings(@NotBlank @Size(max = 200) String endpoint,
		@Nullable @Size(max = ChatController.LONGEST_PROMPT) String system,
		@Nullable @PositiveOrZero @DecimalMax("2") Double temperature,
		@Nullable @Min(1) @Max(100_000) Integer maxTokens) {

	Settings {
		system = (system != null && !system.isBlank()) ? system : null;
	}

}
