package io.aki.spring.ai;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import io.aki.client.AkiToolCall;
import io.aki.client.AkiUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.util.StringUtils;

/**
 * Creates the responses to a request.
 */
final class ChatResponses {

	/** The key of the reasoning, as in Spring AI's Ollama module. */
	static final String THINKING = "thinking";

	private final ChatRequest request;

	/** The usage of the first job if this is the second one of the same request. */
	private final Usage earlierUsage;

	/** The text of the first job. */
	private final String earlierText;

	ChatResponses(ChatRequest request) {
		this(request, new EmptyUsage(), "");
	}

	private ChatResponses(ChatRequest request, Usage earlierUsage, String earlierText) {
		this.request = request;
		this.earlierUsage = earlierUsage;
		this.earlierText = earlierText;
	}

	/**
	 * Return the factory for the job that corrects an answer. Its responses contain the
	 * usage and the text of both.
	 */
	ChatResponses next(AkiResult result, ModelAnswer answer, ModelAnswer.Problem problem) {
		String text = result.answer();
		Object calls = result.toolCalls();
		String written = StringUtils.hasText(text) ? text
				: ((calls instanceof String json) ? json : HermesFormat.json(calls));
		return new ChatResponses(this.request.withFeedback(written, problem.description()), usage(result),
				answer.text());
	}

	ChatRequest request() {
		return this.request;
	}

	/**
	 * Return the response of a call.
	 */
	ChatResponse complete(AkiResult result, ModelAnswer answer) {
		String thinking = result.thinking();
		return last(result, answer,
				AssistantMessage.builder()
					.content(this.earlierText + separator(answer.text()) + answer.text())
					.properties((thinking != null) ? Map.of(THINKING, thinking) : Map.of()));
	}

	/**
	 * Return the last response of a stream, whose text and reasoning were sent before.
	 */
	ChatResponse end(AkiResult result, ModelAnswer answer) {
		return last(result, answer, AssistantMessage.builder().content(""));
	}

	private ChatResponse last(AkiResult result, ModelAnswer answer, AssistantMessage.Builder<?> message) {
		ChatGenerationMetadata.Builder generation = ChatGenerationMetadata.builder()
			.finishReason(finishReason(result, answer));
		if (result.thinking() != null) {
			generation.metadata(THINKING, result.thinking());
		}
		message.toolCalls(toolCalls(result, answer.toolCalls()));
		return new ChatResponse(List.of(new Generation(message.build(), generation.build())), metadata(result));
	}

	/**
	 * Return what separates the text of the first job from a text of this one.
	 */
	String separator(String text) {
		return (this.earlierText.isEmpty() || text.isEmpty()) ? "" : "\n";
	}

	/**
	 * Return a response of a stream with a piece of the answer.
	 */
	ChatResponse text(@Nullable String jobId, String piece) {
		return piece(jobId, AssistantMessage.builder().content(piece).build());
	}

	/**
	 * Return a response of a stream with a piece of the reasoning.
	 */
	ChatResponse thinking(@Nullable String jobId, String piece) {
		return piece(jobId, AssistantMessage.builder().content("").properties(Map.of(THINKING, piece)).build());
	}

	/**
	 * Return a response of a stream with the progress of the job.
	 */
	ChatResponse progress(AkiProgressInfo info) {
		return new ChatResponse(List.of(new Generation(AssistantMessage.builder().content("").build())),
				pieceMetadata(info.jobId()).keyValue("progress", info.progress())
					.keyValue("queue-position", info.queuePosition())
					.keyValue("estimate", info.estimate())
					.keyValue("job-state", info.jobState().value())
					.build());
	}

	private ChatResponse piece(@Nullable String jobId, AssistantMessage message) {
		return new ChatResponse(List.of(new Generation(message)), pieceMetadata(jobId).build());
	}

	private ChatResponseMetadata.Builder pieceMetadata(@Nullable String jobId) {
		return ChatResponseMetadata.builder().id((jobId != null) ? jobId : "").model(this.request.endpoint());
	}

	private ChatResponseMetadata metadata(AkiResult result) {
		AkiUsage usage = AkiUsage.of(result);
		String jobId = result.jobId();
		return ChatResponseMetadata.builder()
			.id((jobId != null) ? jobId : "")
			.model((result.get("model_name") instanceof String model) ? model : this.request.endpoint())
			.usage(usage(result))
			.keyValue("endpoint", this.request.endpoint())
			.keyValue("queue-duration", duration(usage.queueSeconds()))
			.keyValue("compute-duration", duration(usage.computeSeconds()))
			.keyValue("total-duration", duration(result.totalDuration()))
			.build();
	}

	static @Nullable Duration duration(@Nullable Double seconds) {
		return (seconds != null) ? Duration.ofNanos(Math.round(seconds * 1e9)) : null;
	}

	private Usage usage(AkiResult result) {
		AkiUsage usage = AkiUsage.of(result);
		Long cached = (result.get("num_cached_tokens") instanceof Number number) ? number.longValue() : null;
		Long earlierCached = this.earlierUsage.getCacheReadInputTokens();
		if (earlierCached != null) {
			cached = earlierCached + ((cached != null) ? cached : 0);
		}
		int input = (usage.inputTokens() != null) ? usage.inputTokens() : 0;
		int output = (usage.outputTokens() != null) ? usage.outputTokens() : 0;
		return new DefaultUsage(input + this.earlierUsage.getPromptTokens(),
				output + this.earlierUsage.getCompletionTokens(), null, usage, cached, null);
	}

	private String finishReason(AkiResult result, ModelAnswer answer) {
		if (result.get("finish_reason") instanceof String reason && StringUtils.hasText(reason)) {
			return reason;
		}
		if (!answer.toolCalls().isEmpty()) {
			return "tool_calls";
		}
		Integer generated = result.numGeneratedTokens();
		Integer limit = this.request.maxGenTokens();
		return (generated != null && limit != null && generated >= limit) ? "length" : "stop";
	}

	/**
	 * Return the calls as Spring AI's. A model that sends no identifiers gets some.
	 */
	private static List<AssistantMessage.ToolCall> toolCalls(AkiResult result, List<AkiToolCall> calls) {
		List<AssistantMessage.ToolCall> converted = new ArrayList<>(calls.size());
		for (AkiToolCall call : calls) {
			String id = (call.id() != null) ? call.id() : "call-" + result.jobId() + "-" + converted.size();
			converted
				.add(new AssistantMessage.ToolCall(id, "function", call.name(), HermesFormat.json(call.arguments())));
		}
		return converted;
	}

}
