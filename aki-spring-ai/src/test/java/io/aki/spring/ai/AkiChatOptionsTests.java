package io.aki.spring.ai;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.test.options.AbstractChatOptionsTests;

import static org.assertj.core.api.Assertions.assertThat;

class AkiChatOptionsTests extends AbstractChatOptionsTests<AkiChatOptions, AkiChatOptions.Builder> {

	@Override
	protected Class<AkiChatOptions> getConcreteOptionsClass() {
		return AkiChatOptions.class;
	}

	@Override
	protected AkiChatOptions.Builder readyToBuildBuilder() {
		return AkiChatOptions.builder().model("llama3_8b_chat");
	}

	@Test
	void mutateKeepsEachOption() {
		AkiChatOptions options = complete();
		assertThat(options.mutate().build()).isEqualTo(options).hasSameHashCodeAs(options);
	}

	@Test
	void combineWithReplacesWhatIsSet() {
		AkiChatOptions combined = complete().mutate()
			.combineWith(AkiChatOptions.builder().temperature(0.9).outputFormat("raw").param("repeat", 2))
			.build();
		assertThat(combined.getModel()).isEqualTo("llama3_8b_chat");
		assertThat(combined.getTemperature()).isEqualTo(0.9);
		assertThat(combined.getOutputFormat()).isEqualTo("raw");
		assertThat(combined.getStreamProgress()).isTrue();
		assertThat(combined.getParams()).containsExactly(Map.entry("min_p", 0.1), Map.entry("repeat", 2));
	}

	@Test
	void combineWithAcceptsOptionsOfAnyProvider() {
		AkiChatOptions combined = complete().mutate()
			.combineWith(ChatOptions.builder().model("other").maxTokens(7))
			.build();
		assertThat(combined.getModel()).isEqualTo("other");
		assertThat(combined.getMaxTokens()).isEqualTo(7);
		assertThat(combined.getOutputFormat()).isEqualTo("json");
	}

	@Test
	void cloneIsIndependent() {
		AkiChatOptions.Builder builder = AkiChatOptions.builder().param("a", 1);
		AkiChatOptions.Builder copy = builder.clone();
		copy.param("b", 2);
		assertThat(builder.build().getParams()).containsOnlyKeys("a");
		assertThat(copy.build().getParams()).containsOnlyKeys("a", "b");
	}

	@Test
	void ofCopiesTheOptionsOfOtherProviders() {
		ToolCallingChatOptions other = ToolCallingChatOptions.builder()
			.model("other")
			.temperature(0.5)
			.topK(3)
			.topP(0.5)
			.maxTokens(9)
			.toolContext(Map.of("user", "alice"))
			.build();
		AkiChatOptions options = AkiChatOptions.of(other);
		assertThat(options.getModel()).isEqualTo("other");
		assertThat(options.getTemperature()).isEqualTo(0.5);
		assertThat(options.getTopK()).isEqualTo(3);
		assertThat(options.getTopP()).isEqualTo(0.5);
		assertThat(options.getMaxTokens()).isEqualTo(9);
		assertThat(options.getToolContext()).containsEntry("user", "alice");
	}

	private static AkiChatOptions complete() {
		AkiChatOptions.Builder builder = AkiChatOptions.builder();
		builder.model("llama3_8b_chat")
			.frequencyPenalty(0.1)
			.presencePenalty(0.2)
			.stopSequences(List.of("END"))
			.maxTokens(100)
			.temperature(0.3)
			.topK(10)
			.topP(0.8)
			.toolContext(Map.of("tenant", "a"))
			.outputFormat("json")
			.streamProgress(true)
			.param("min_p", 0.1);
		return builder.build();
	}

}
