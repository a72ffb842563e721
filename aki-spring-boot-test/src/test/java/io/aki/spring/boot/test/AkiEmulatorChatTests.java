package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorChatTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).seed(7).build();

	private EmulatorClient client = new EmulatorClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void theTextGrowsAndEndsInTheResult() {
		String job = this.client.chat("Tell me a story");
		String text = "";
		int steps = 0;
		EmulatorClient.Reply reply = this.client.poll(job);
		while (reply.state().equals("processing")) {
			String longer = reply.at("/progress/progress_data/text").asString("");
			assertThat(longer).startsWith(text);
			steps += longer.equals(text) ? 0 : 1;
			text = longer;
			this.clock.advance(Duration.ofMillis(100));
			reply = this.client.poll(job);
		}
		assertThat(steps).isGreaterThan(5);
		assertThat(reply.at("/job_result/text").asString()).startsWith(text).hasSizeGreaterThan(text.length());
		assertThat(reply.json().has("progress")).isFalse();
	}

	@Test
	void aWordTakesFrom25To50Milliseconds() {
		String job = this.client.chat("Hello");
		this.clock.advance(Duration.ofSeconds(1));
		EmulatorClient.Reply reply = this.client.poll(job);
		assertThat(reply.at("/progress/progress_data/num_generated_tokens").asInt()).isBetween(19, 40);
	}

	@Test
	void theResultIsHandedOutOnce() {
		String job = this.client.chat("Hello");
		this.clock.advance(LONG);
		assertThat(this.client.poll(job).json().has("job_result")).isTrue();
		EmulatorClient.Reply again = this.client.poll(job);
		assertThat(again.state()).isEqualTo("done");
		assertThat(again.json().has("job_result")).isFalse();
		assertThat(this.emulator.jobs()).singleElement().satisfies((entry) -> {
			assertThat(entry.handedOut()).isEqualTo(1);
			assertThat(entry.polls()).isEqualTo(2);
			assertThat(entry.endpoint()).isEqualTo("llama3_8b_chat");
		});
	}

	@Test
	void aJobOfAnotherEndpointIsUnknown() {
		String job = this.client.chat("Hello");
		assertThat(this.client.poll("z_image_turbo", job).status()).isEqualTo(402);
	}

	@Test
	void noMoreWordsAreWrittenThanAskedFor() {
		JsonNode result = result(Map.of("prompt_input", "Tell me a story", "max_gen_tokens", 5));
		assertThat(result.get("text").asString().split("\\s+")).hasSize(5);
		assertThat(result.get("num_generated_tokens").asInt()).isEqualTo(5);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Hello there", "Tell me a joke", "A story, please", "", "100% of %s and %d" })
	void repliesArePleasantUnicode(String prompt) {
		String text = result(Map.of("prompt_input", prompt)).get("text").asString();
		assertThat(text).containsPattern("[äöüßÄÖÜë]");
		assertThat(text.codePoints().anyMatch((point) -> point > 0x2000)).isTrue();
	}

	@Test
	void otherPromptsAreAnsweredHonestlyAndQuoted() {
		String text = result(Map.of("prompt_input", "What is the weather?")).get("text").asString();
		assertThat(text).contains("AKI.IO emulator").contains("What is the weather?");
	}

	@Test
	void theLastUserMessageIsThePrompt() {
		use((prompt) -> "<" + prompt + ">");
		String context = """
				[{"role": "system", "content": "Be brief"}, {"role": "user", "content": "one"},
				 {"role": "assistant", "content": "1"},
				 {"role": "user", "content": [{"type": "text", "text": "two"}, {"type": "text", "text": "three"}]}]""";
		assertThat(text(Map.of("chat_context", context))).isEqualTo("<two three>");
		assertThat(text(Map.of("text_context", "plain"))).isEqualTo("<plain>");
		assertThat(text(Map.of("prompt_input", "input"))).isEqualTo("<input>");
		assertThat(text(Map.of())).isEqualTo("<>");
	}

	@Test
	void anOwnReplyThatThrowsIsAWorkersError() {
		use((prompt) -> {
			throw new IllegalStateException("no idea");
		});
		assertThat(result(Map.of("prompt_input", "x")).get("error").asString()).contains("no idea");
	}

	@Test
	void reasoningStandsAtTheHeadOfTheText() {
		assertThat(text(Map.of("prompt_input", "THINK hard"))).startsWith("<think>").contains("</think>");
		assertThat(text(Map.of("prompt_input", "do not"))).doesNotContain("<think>");
	}

	@Test
	void jsonOutputIsAnObject() {
		JsonNode text = result(Map.of("prompt_input", "THINK and use a TOOL", "chat_output_format", "json"))
			.get("text");
		assertThat(text.propertyNames()).containsExactlyInAnyOrder("thinking", "content", "tool_calls");
		assertThat(text.get("thinking").asString()).isNotEmpty().doesNotContain("think>");
		assertThat(text.get("content").asString()).isNotEmpty().doesNotContain("think>");
		assertThat(EmulatorClient.JSON.readTree(text.get("tool_calls").asString())).hasSize(1);
		assertThat(text.get("tool_calls").isString()).isTrue();
	}

	@Test
	void withoutAToolTheCallsAreAnEmptyList() {
		JsonNode text = result(Map.of("prompt_input", "Hello", "chat_output_format", "json")).get("text");
		assertThat(text.get("tool_calls").asString()).isEqualTo("[]");
		assertThat(text.get("thinking").asString()).isEmpty();
	}

	@Test
	void aHangingJobNeverEnds() {
		String job = this.client.chat("HANG");
		this.clock.advance(Duration.ofDays(1));
		EmulatorClient.Reply reply = this.client.poll(job);
		assertThat(reply.state()).isEqualTo("processing");
		assertThat(reply.at("/progress/progress").asInt()).isZero();
	}

	@Test
	void aCallIsAnsweredWithTheResultItself() throws Exception {
		CompletableFuture<EmulatorClient.Reply> call = this.client.callLater("llama3_8b_chat",
				Map.of("prompt_input", "Hello"));
		this.clock.advance(LONG);
		EmulatorClient.Reply reply = call.get(10, TimeUnit.SECONDS);
		assertThat(reply.at("/text").asString()).isNotEmpty();
		assertThat(this.client.poll(reply.at("/job_id").asString()).json().has("job_result")).isFalse();
	}

	@Test
	void extraParametersOfAPollAreRecorded() {
		String job = this.client.chat("Hello");
		EmulatorClient.Reply reply = this.client.post("/api/progress/llama3_8b_chat",
				"{\"key\":\"test-key\",\"job_id\":\"" + job + "\",\"temperature\":0.1}");
		assertThat(reply.status()).isEqualTo(200);
		List<AkiEmulatorRequest> requests = this.emulator.requests();
		assertThat(requests.get(requests.size() - 1).params()).containsEntry("temperature", 0.1)
			.containsEntry("job_id", job)
			.doesNotContainKey("key");
	}

	private void use(Function<String, String> reply) {
		this.emulator.close();
		this.emulator = AkiEmulator.builder().clock(this.clock).chatReply(reply).build();
		this.client = new EmulatorClient(this.emulator);
	}

	private String text(Map<String, ?> params) {
		return result(params).get("text").asString();
	}

	private JsonNode result(Map<String, ?> params) {
		String job = this.client.start("llama3_8b_chat", params);
		this.clock.advance(LONG);
		return this.client.poll(job).json().get("job_result");
	}

}
