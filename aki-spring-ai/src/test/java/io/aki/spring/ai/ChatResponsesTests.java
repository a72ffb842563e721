package io.aki.spring.ai;

import java.util.List;
import java.util.Map;

import io.aki.client.AkiResult;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.Usage;

import static org.assertj.core.api.Assertions.assertThat;

class ChatResponsesTests {

	private static final AkiResult RESULT = AkiResult.of(Map.of("success", true, "text", "Hello", "prompt_length", 20,
			"num_generated_tokens", 3, "num_cached_tokens", 12));

	private final ChatResponses responses = new ChatResponses(
			new ChatRequest("some_chat", List.of(new UserMessage("Hello")), AkiChatOptions.builder().build(), List.of(),
					ChatRequest.ToolFormat.TEXT));

	@Test
	void usageContainsTheCachedTokens() {
		Usage usage = this.responses.complete(RESULT, ModelAnswer.of(RESULT)).getMetadata().getUsage();
		assertThat(usage.getPromptTokens()).isEqualTo(20);
		assertThat(usage.getCompletionTokens()).isEqualTo(3);
		assertThat(usage.getCacheReadInputTokens()).isEqualTo(12);
	}

	@Test
	void usageOfACorrectedAnswerIsThatOfBothJobs() {
		AkiResult second = AkiResult
			.of(Map.of("success", true, "text", "Hi", "prompt_length", 30, "num_generated_tokens", 1));
		Usage usage = this.responses
			.next(RESULT, ModelAnswer.of(RESULT), new ModelAnswer.Problem("It is not valid.", null))
			.complete(second, ModelAnswer.of(second))
			.getMetadata()
			.getUsage();
		assertThat(usage.getPromptTokens()).isEqualTo(50);
		assertThat(usage.getCompletionTokens()).isEqualTo(4);
		assertThat(usage.getCacheReadInputTokens()).isEqualTo(12);
	}

}
