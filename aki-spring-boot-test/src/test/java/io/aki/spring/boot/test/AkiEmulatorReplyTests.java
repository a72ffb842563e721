package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AkiEmulatorReplies}.
 */
class AkiEmulatorReplyTests {

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder()
		.clock(this.clock)
		.chatReply((prompt) -> "of the builder")
		.build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@Test
	void repliesAreGivenOnceAndInOrder() {
		this.emulator.replies().add(AkiEmulatorReply.text("one")).add(AkiEmulatorReply.text("two").times(2));
		assertThat(List.of(text("a"), text("b"), text("c"), text("d"))).containsExactly("one", "two", "two",
				"of the builder");
		assertThat(this.emulator.replies().left()).isEmpty();
	}

	@Test
	void replyWaitsForItsPrompt() {
		AkiEmulatorReply weather = AkiEmulatorReply.text("Sunny").onPrompt((prompt) -> prompt.contains("weather"));
		this.emulator.replies().add(weather).add(AkiEmulatorReply.text("Any").always());
		assertThat(text("Hello")).isEqualTo("Any");
		assertThat(this.emulator.replies().left()).contains(weather);
		assertThat(text("How is the weather?")).isEqualTo("Sunny");
		assertThat(text("How is the weather?")).isEqualTo("Any");
	}

	@Test
	void resetForgetsReplies() {
		this.emulator.replies().add(AkiEmulatorReply.text("scripted").always());
		this.emulator.reset();
		assertThat(text("Hello")).isEqualTo("of the builder");
	}

	@Test
	void callThatIsRefusedTakesNoReply() {
		this.emulator.replies().add(AkiEmulatorReply.text("scripted"));
		assertThat(this.client.call("llama3_8b_chat", Map.of("tools", "[]")).status()).isEqualTo(400);
		assertThat(text("Hello")).isEqualTo("scripted");
	}

	@Test
	void toolCallIsAJsonStringInTheTextObject() {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")).thinking("Hm."));
		JsonNode text = result(Map.of("prompt_input", "Hello", "chat_output_format", "json")).get("text");
		assertThat(text.get("tool_calls").asString())
			.isEqualTo("[{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Berlin\"}}]");
		assertThat(text.get("thinking").asString()).isEqualTo("Hm.");
		assertThat(text.get("content").asString()).isEmpty();
	}

	@Test
	void toolCallsOfAnyFormMayComeWithAText() {
		this.emulator.replies()
			.add(AkiEmulatorReply.text("Let me look.").withToolCalls(List.of(Map.of("function", "look"))));
		JsonNode text = result(Map.of("prompt_input", "Hello", "chat_output_format", "json")).get("text");
		assertThat(text.get("tool_calls").asString()).isEqualTo("[{\"function\":\"look\"}]");
		assertThat(text.get("content").asString()).isEqualTo("Let me look.");
	}

	@Test
	void toolCallWithoutAPlaceForItIsAWorkersError() {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of()));
		assertThat(result(Map.of("prompt_input", "Hello")).get("error").asString()).contains("chat_output_format");
	}

	@Test
	void wordsInThePromptMeanNothingToAScriptedReply() {
		this.emulator.replies().add(AkiEmulatorReply.text("scripted"));
		JsonNode text = result(Map.of("prompt_input", "THINK and use a TOOL", "chat_output_format", "json"))
			.get("text");
		assertThat(text.get("tool_calls").asString()).isEqualTo("[]");
		assertThat(text.get("thinking").asString()).isEmpty();
	}

	@Test
	void selectionThatThrowsIsAWorkersError() {
		this.emulator.replies().add(AkiEmulatorReply.text("scripted").onPrompt((prompt) -> {
			throw new IllegalStateException("no idea");
		}));
		assertThat(result(Map.of("prompt_input", "Hello")).get("error").asString()).contains("no idea");
	}

	@Test
	void replyIsGivenAtLeastOnce() {
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorReply.text("never").times(0));
	}

	private String text(String prompt) {
		return result(Map.of("prompt_input", prompt)).get("text").asString();
	}

	private JsonNode result(Map<String, ?> params) {
		String job = this.client.start("llama3_8b_chat", params);
		this.clock.advance(Duration.ofMinutes(5));
		return this.client.poll(job).json().get("job_result");
	}

}
