package io.aki.sample.chat;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.sample.stream.JobStreams;
import io.aki.sample.web.ApiAnswer;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams the answers to prompts.
 */
@RestController
@RequestMapping("/api/chat")
public class ChatController {

	/**
	 * The maximum number of characters in a prompt. The limit is needed because a prompt
	 * is part of a URL.
	 */
	public static final int LONGEST_PROMPT = 4000;

	private final AkiClient aki;

	private final JobStreams streams;

	private final Conversations conversations;

	private final Markdown markdown;

	ChatController(AkiClient aki, JobStreams streams, Conversations conversations, Markdown markdown) {
		this.aki = aki;
		this.streams = streams;
		this.conversations = conversations;
		this.markdown = markdown;
	}

	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter stream(@RequestParam @NotBlank @Size(max = LONGEST_PROMPT) String prompt,
			@RequestParam(required = false) @Nullable String endpoint,
			@RequestParam(required = false) @Size(max = 100) @Nullable String conversation,
			@RequestParam(defaultValue = "false") boolean html,
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
		Map<String, ?> params = Map.of("chat_context", this.conversations.context(conversation, prompt));
		return this.streams.open(client(endpoint), params, lastEventId, html,
				(result) -> this.conversations.add(conversation, prompt, answer(result)));
	}

	private static @Nullable String answer(AkiResult result) {
		String text = result.text();
		return (text != null) ? Markdown.answer(text) : null;
	}

	/**
	 * A message of an earlier conversation that a page shows.
	 *
	 * @param role {@code user} or {@code assistant}
	 * @param text the message of the user
	 * @param html the message of the model, safe to insert into a page
	 */
	record Shown(@JsonProperty("role") String role, @JsonProperty("text") @Nullable String text,
			@JsonProperty("html") @Nullable String html) {

	}

	@GetMapping("/history")
	List<Shown> history(@RequestParam @NotBlank @Size(max = 100) String conversation) {
		return this.conversations.messages(conversation)
			.stream()
			.map((message) -> message.role().equals("user") ? new Shown("user", message.content(), null)
					: new Shown("assistant", null, this.markdown.render(message.content()).html()))
			.toList();
	}

	@PostMapping("/cancel")
	ResponseEntity<AkiResult> cancel(@RequestParam("job_id") @NotBlank String jobId,
			@RequestParam(required = false) @Nullable String endpoint) {
		return ApiAnswer.of(client(endpoint).cancelRequest(jobId));
	}

	private AkiClient client(@Nullable String endpoint) {
		return (endpoint != null) ? this.aki.forEndpoint(endpoint) : this.aki;
	}

}
