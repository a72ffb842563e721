package io.aki.sample.chat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.aki.client.AkiResult;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A question, or the answer to the question before it.
 *
 * @param id the message's id
 * @param position the position in the conversation, from 0
 * @param role {@code user} or {@code assistant}
 * @param state the state of the task that answers; questions are completed
 * @param text the text
 * @param thinking the reasoning of the model, or {@code null}
 * @param error why there is no answer, or {@code null}
 * @param tokens the number of generated tokens, or {@code null}
 * @param seconds the duration, or {@code null}
 * @param taskId the id of the task that answers, or {@code null}
 * @param createdAt when the message was added
 * @param attachments the files of a question
 */
@JsonNaming(SnakeCaseStrategy.class)
record Message(String id, int position, String role, AkiTaskState state, String text, @Nullable String thinking,
		@Nullable String error, @Nullable Integer tokens, @Nullable Double seconds, @JsonIgnore @Nullable String taskId,
		Instant createdAt, List<Attachment> attachments) {

	static final String USER = "user";

	static final String ASSISTANT = "assistant";

	private static final int TEXT_LENGTH_MAX = 1_000_000;

	static Message question(String id, int position, String text, Instant now) {
		return new Message(id, position, USER, AkiTaskState.COMPLETED, text, null, null, null, null, null, now,
				List.of());
	}

	static Message answer(String id, int position, String taskId, Instant now) {
		return new Message(id, position, ASSISTANT, AkiTaskState.PENDING, "", null, null, null, null, taskId, now,
				List.of());
	}

	@JsonIgnore
	boolean isQuestion() {
		return this.role.equals(USER);
	}

	@JsonIgnore
	boolean isFinal() {
		return this.state.isFinal();
	}

	/**
	 * Return the text, or the names of the files of a question without a text.
	 */
	String label() {
		return !this.text.isBlank() ? this.text
				: this.attachments.stream().map(Attachment::name).collect(Collectors.joining(", "));
	}

	boolean hasImage() {
		return this.attachments.stream().anyMatch(Attachment::isImage);
	}

	Message with(List<Attachment> attachments) {
		return new Message(this.id, this.position, this.role, this.state, this.text, this.thinking, this.error,
				this.tokens, this.seconds, this.taskId, this.createdAt, attachments);
	}

	Message running(AkiTask task) {
		return ended(task.state(), this.text, this.thinking, null);
	}

	Message completed(AkiResult result) {
		return new Message(this.id, this.position, this.role, AkiTaskState.COMPLETED, text(result.answer()),
				(result.thinking() != null) ? text(result.thinking()) : null, null, result.numGeneratedTokens(),
				result.totalDuration(), this.taskId, this.createdAt, this.attachments);
	}

	Message ended(AkiTaskState state, String text, @Nullable String thinking, @Nullable String error) {
		return new Message(this.id, this.position, this.role, state, text(text),
				(thinking != null) ? text(thinking) : null, error, null, null, this.taskId, this.createdAt,
				this.attachments);
	}

	/**
	 * Return what a database can store.
	 */
	private static String text(@Nullable String text) {
		String stored = (text != null) ? text.replace('\0', '\uFFFD') : "";
		return (stored.length() <= TEXT_LENGTH_MAX) ? stored : stored.substring(0, TEXT_LENGTH_MAX);
	}

}
