package io.aki.sample.chat;

import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.sample.web.CurrentUser;
import io.aki.sample.web.StreamLimit;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The HTTP interface of the chat. A question is answered by a task; the page follows it
 * with a stream that can be opened again at any time.
 */
@RestController
@RequestMapping("/api/conversations")
public class ChatController {

	/**
	 * The maximum number of characters in a question of the assistant, and in a system
	 * prompt.
	 */
	public static final int LONGEST_PROMPT = 4000;

	/**
	 * The maximum number of characters in a question, with the texts of its files.
	 */
	public static final int LONGEST_QUESTION = 20_000;

	/**
	 * The maximum number of files of a question.
	 */
	public static final int MAX_FILES = 4;

	private final Chats chats;

	private final AnswerStreams streams;

	private final StreamLimit limit;

	private final CurrentUser user;

	private final String endpoint;

	ChatController(Chats chats, AnswerStreams streams, StreamLimit limit, CurrentUser user,
			@Value("${aki.io.endpoint}") String endpoint) {
		this.chats = chats;
		this.streams = streams;
		this.limit = limit;
		this.user = user;
		this.endpoint = endpoint;
	}

	/**
	 * The first question of a conversation.
	 */
	@JsonNaming(SnakeCaseStrategy.class)
	record FirstQuestion(@NotNull @Size(max = LONGEST_QUESTION) String text,
			@Nullable @Size(max = MAX_FILES, message = Question.TOO_MANY_FILES) List<@NotNull String> attachments,
			@Nullable @Pattern(regexp = Question.REQUEST_ID, message = Question.INVALID_REQUEST_ID) String requestId,
			@Nullable @Size(max = 200) String endpoint, @Nullable @Size(max = LONGEST_PROMPT) String system,
			@Nullable @PositiveOrZero @DecimalMax("2") Double temperature,
			@Nullable @Min(1) @Max(100_000) Integer maxTokens) {

		Question question() {
			return new Question(this.text, this.attachments, this.requestId);
		}

	}

	/**
	 * A new title.
	 */
	record Title(@NotBlank @Size(max = 200) @JsonProperty("title") String title) {

	}

	@GetMapping
	List<Conversation> list(@RequestParam(defaultValue = "") String query) {
		return this.chats.list(this.user.name(), query);
	}

	@GetMapping("/{id}")
	Conversation find(@PathVariable String id) {
		return this.chats.find(this.user.name(), id);
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	Conversation start(@RequestBody @Valid FirstQuestion question) {
		Conversation settings = new Conversation(Chats.id(), "",
				Objects.requireNonNullElse(question.endpoint(), this.endpoint), textOrNull(question.system()),
				question.temperature(), question.maxTokens(), Chats.now(), List.of());
		return this.chats.start(this.user.name(), settings, question.question());
	}

	@PatchMapping("/{id}")
	Conversation rename(@PathVariable String id, @RequestBody @Valid Title title) {
		return this.chats.rename(this.user.name(), id, title.title());
	}

	@PutMapping("/{id}/settings")
	Conversation change(@PathVariable String id, @RequestBody @Valid Settings settings) {
		return this.chats.change(this.user.name(), id, settings);
	}

	private static @Nullable String textOrNull(@Nullable String text) {
		return (text != null && !text.isBlank()) ? text : null;
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@PathVariable String id) {
		this.chats.delete(this.user.name(), id);
	}

	@PostMapping("/{id}/messages")
	@ResponseStatus(HttpStatus.CREATED)
	List<Message> ask(@PathVariable String id, @RequestBody @Valid Question question) {
		String owner = this.user.name();
		Conversation conversation = this.chats.ask(owner, id, question);
		int position = this.chats.position(owner, conversation, question.requestId());
		return conversation.messages().subList(position, position + 2);
	}

	@PutMapping("/{id}/messages/{questionId}")
	Conversation edit(@PathVariable String id, @PathVariable String questionId, @RequestBody @Valid Question question) {
		return this.chats.edit(this.user.name(), id, questionId, question);
	}

	@PostMapping("/{id}/messages/{answerId}/regenerate")
	Conversation regenerate(@PathVariable String id, @PathVariable String answerId) {
		return this.chats.regenerate(this.user.name(), id, answerId);
	}

	@PostMapping("/{id}/messages/{answerId}/cancel")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void cancel(@PathVariable String id, @PathVariable String answerId) {
		this.chats.cancel(this.user.name(), this.chats.answer(this.user.name(), id, answerId));
	}

	/**
	 * Two requests have changed or deleted a conversation at the same time.
	 */
	@ExceptionHandler
	ProblemDetail conflict(DataIntegrityViolationException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT,
				"The conversation was changed at the same time. Load it again");
	}

	@GetMapping(path = "/{id}/messages/{answerId}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Object>> events(@PathVariable String id, @PathVariable String answerId,
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
		String owner = this.user.name();
		return this.limit.count(this.streams.open(owner, this.chats.answer(owner, id, answerId), lastEventId));
	}

}
