package io.aki.sample.chat;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A conversation with a model.
 *
 * @param id the conversation's id
 * @param title the title, initially the start of the first question
 * @param endpoint the endpoint that answers
 * @param system the system prompt, or {@code null}
 * @param temperature the temperature, or {@code null} for that of the endpoint
 * @param maxTokens the maximum number of tokens of an answer, or {@code null} for that of
 * the endpoint
 * @param updatedAt when the last message was added
 * @param messages the messages, alternating questions and answers; empty in a list of
 * conversations
 */
@JsonNaming(SnakeCaseStrategy.class)
record Conversation(String id, String title, String endpoint, @Nullable String system, @Nullable Double temperature,
		@Nullable Integer maxTokens, Instant updatedAt, List<Message> messages) {

	Conversation withMessages(List<Message> messages) {
		return new Conversation(this.id, this.title, this.endpoint, this.system, this.temperature, this.maxTokens,
				this.updatedAt, messages);
	}

	@JsonIgnore
	boolean isAnswering() {
		return !this.messages.isEmpty() && !this.messages.get(this.messages.size() - 1).isFinal();
	}

}
