package io.aki.sample.assistant;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.sample.chat.ChatController;
import io.aki.sample.web.Heartbeats;
import io.aki.sample.web.StreamLimit;
import io.aki.spring.web.AkiProblemDetails;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.support.ToolCallbacks;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Streams the answers of the assistant. The events have the names of an
 * {@link io.aki.spring.web.AkiEventStream}, so that {@code /aki/event-stream.js} reads
 * them. The data of {@code progress} is a call of a tool, see {@link ReportingTool}.
 */
@RestController
@RequestMapping("/api/assistant")
class AssistantController {

	private static final Log logger = LogFactory.getLog(AssistantController.class);

	private static final Set<String> LAST_EVENTS = Set.of("done", "failure");

	private final ChatClient chat;

	private final List<ToolCallback> tools;

	private final Conversation conversation;

	private final JsonMapper json;

	private final StreamLimit limit;

	private final Duration heartbeat;

	AssistantController(ChatClient.Builder chat, ChatMemory memory, AssistantTools tools, Conversation conversation,
			JsonMapper json, StreamLimit limit, @Value("${aki.io.web.heartbeat}") Duration heartbeat) {
		this.chat = chat.defaultSystem("You are a friendly assistant. Use the tools for the weather and the time.")
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(memory).build())
			.build();
		this.tools = List.of(ToolCallbacks.from(tools));
		this.conversation = conversation;
		this.json = json;
		this.limit = limit;
		this.heartbeat = heartbeat;
	}

	/**
	 * A question of the user.
	 *
	 * @param text the text
	 */
	record Question(@JsonProperty("text") @NotBlank @Size(max = ChatController.LONGEST_PROMPT) String text) {

	}

	@PostMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<Object>> ask(@RequestBody @Valid Question question) {
		String conversationId = this.conversation.id();
		return this.limit
			.count(Flux.<ServerSentEvent<Object>>create((sink) -> answer(conversationId, question.text(), sink)))
			.mergeWith(Heartbeats.every(this.heartbeat))
			.takeUntil((event) -> event.event() != null && LAST_EVENTS.contains(event.event()));
	}

	@DeleteMapping
	void forget() {
		this.conversation.clear();
	}

	// tag::answer[]
	private void answer(String conversationId, String question, FluxSink<ServerSentEvent<Object>> sink) {
		List<ReportingTool> reportingTools = this.tools.stream()
			.map((tool) -> new ReportingTool(tool, this.json, (call) -> sink.next(event("progress", call))))
			.toList();
		AtomicReference<ChatResponse> last = new AtomicReference<>();
		sink.onDispose(this.chat.prompt(question)
			.tools(reportingTools)
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, conversationId))
			.stream()
			.chatResponse()
			.doOnNext(last::set)
			.contextWrite(sink.contextView())
			.subscribe((response) -> send(response, sink), (failure) -> end(failure, sink),
					() -> sink.next(event("done", usage(last.get())))));
	}
	// end::answer[]

	private static void send(ChatResponse response, FluxSink<ServerSentEvent<Object>> sink) {
		if (response.getResult() == null) {
			return;
		}
		AssistantMessage message = response.getResult().getOutput();
		if (message.getMetadata().get("thinking") instanceof String thinking) {
			sink.next(event("thinking", Map.of("text", thinking)));
		}
		String text = message.getText();
		if (text != null && !text.isEmpty()) {
			sink.next(event("delta", Map.of("text", text)));
		}
	}

	private static void end(Throwable failure, FluxSink<ServerSentEvent<Object>> sink) {
		logger.warn("The assistant could not answer: " + failure);
		sink.next(event("failure", AkiProblemDetails.of(failure)));
	}

	/**
	 * Return the tokens of all jobs of an answer: there is one more job for each round of
	 * tool calls.
	 */
	private static Map<String, Object> usage(@Nullable ChatResponse last) {
		if (last == null) {
			return Map.of();
		}
		Usage usage = last.getMetadata().getUsage();
		return Map.of("model_name", last.getMetadata().getModel(), "prompt_length", usage.getPromptTokens(),
				"num_generated_tokens", usage.getCompletionTokens());
	}

	private static ServerSentEvent<Object> event(String name, Object data) {
		return ServerSentEvent.builder(data).event(name).build();
	}

}
