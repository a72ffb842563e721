package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link AkiEmulatorEndpoint}.
 */
class AkiEmulatorEndpointTests {

	private static final String IMAGE = new GeneratedImage("", "a cat", 1, 16, 16).dataUri("PNG");

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder()
		.clock(this.clock)
		.endpoint(AkiEmulatorEndpoint.chat("plain_chat"))
		.endpoint(AkiEmulatorEndpoint.chat("tool-chat").tools())
		.endpoint(AkiEmulatorEndpoint.chat("seeing_chat").media("image"))
		.endpoint(AkiEmulatorEndpoint.chat("hearing_chat").media("audio", "video").tools())
		.endpoint(AkiEmulatorEndpoint.image("my_image"))
		.endpoint(AkiEmulatorEndpoint.imageEdit("my_image_edit"))
		.endpoint(AkiEmulatorEndpoint.speech("my_speech"))
		.workers("plain_chat", 3)
		.build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@Test
	void additionalEndpointsFollowTheOthersInTheList() {
		JsonNode endpoints = this.client.get("/api/endpoints", Map.of()).at("/endpoints");
		assertThat(endpoints.valueStream().map(JsonNode::asString)).containsExactly("xttsv2", "z_image_turbo",
				"llama3_8b_chat", "qwen_image", "qwen_image_edit", "plain_chat", "tool-chat", "seeing_chat",
				"hearing_chat", "my_image", "my_image_edit", "my_speech");
	}

	@ParameterizedTest
	@CsvSource({ "plain_chat, llama3_8b_chat", "my_image, z_image_turbo", "my_image_edit, qwen_image_edit",
			"my_speech, xttsv2" })
	void onlyTheNameDiffersFromTheEndpointThatItIsLike(String name, String like) {
		JsonNode parameters = details(name).at("/parameter_description");
		assertThat(details(name).get("name").asString()).isEqualTo(name);
		assertThat(parameters).isNotEmpty().isEqualTo(details(like).at("/parameter_description"));
	}

	@Test
	void additionalEndpointHasItsOwnWorkers() {
		assertThat(details("plain_chat").at("/workers/0/max_batch_size").asInt()).isEqualTo(3);
		assertThat(details("llama3_8b_chat").at("/workers/0/max_batch_size").asInt()).isEqualTo(4);
	}

	@Test
	void chatAnswersUnderItsName() {
		this.emulator.replies().add(AkiEmulatorReply.text("Hello"));
		assertThat(result("plain_chat", Map.of("prompt_input", "Hi")).get("text").asString()).isEqualTo("Hello");
		assertThat(this.emulator.jobs()).extracting(AkiEmulatorJob::endpoint).containsExactly("plain_chat");
	}

	@Test
	void imagesAndSpeechAreGeneratedUnderTheirNames() {
		assertThat(
				result("my_image", Map.of("prompt", "a cat", "width", 128, "height", 128)).at("/images/0").asString())
			.startsWith("data:image/");
		assertThat(result("my_image_edit", Map.of("prompt", "a cat", "image", IMAGE)).at("/images/0").asString())
			.startsWith("data:image/");
		assertThat(result("my_speech", Map.of("text", "Hello")).get("audio_output").asString())
			.startsWith("data:audio/");
	}

	@Test
	void toolChatDeclaresToolsAndToolCalls() {
		JsonNode parameters = details("tool-chat").at("/parameter_description");
		assertThat(parameters.at("/input/tools/type").asString()).isEqualTo("json");
		assertThat(parameters.at("/input/chat_output_format/default").asString()).isEqualTo("chatml");
		assertThat(parameters.at("/input/chat_output_format/supported")).hasSize(3);
		assertThat(parameters.at("/output/tool_calls/type").asString()).isEqualTo("string");
		assertThat(details("llama3_8b_chat").at("/parameter_description/input").has("tools")).isFalse();
	}

	@Test
	void mediaChatDeclaresTheMediaOfItsContext() {
		JsonNode input = details("hearing_chat").at("/parameter_description/input");
		assertThat(input.at("/chat_context/support").toString()).isEqualTo("[\"audio\",\"video\"]");
		assertThat(input.has("tools")).isTrue();
		assertThat(details("plain_chat").at("/parameter_description/input/chat_context").has("support")).isFalse();
	}

	@Test
	void toolsMustBeJson() {
		assertThat(error("tool-chat", Map.of("tools", "[{]")))
			.isEqualTo("Input parameter tools=[{] has invalid json format!");
		assertThat(error("tool-chat", Map.of("tools", List.of())))
			.isEqualTo("Invalid argument type tools=[]. Expected: <class 'str'> but got <class 'list'>!");
		assertThat(this.client.call("plain_chat", Map.of("tools", "[]")).at("/error/0").asString())
			.isEqualTo("Invalid input parameter(s): tools");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "null", "[null]" })
	void toolsMayBeEmpty(String tools) {
		this.emulator.replies().add(AkiEmulatorReply.text("Hello"));
		JsonNode result = result("tool-chat", Map.of("prompt_input", "Hi", "tools", tools));
		assertThat(result.get("text").asString()).isEqualTo("Hello");
		assertThat(result.has("tool_calls")).isFalse();
	}

	@Test
	void imageIsNotPartOfThePromptAndItsLength() {
		this.emulator.replies().add(AkiEmulatorReply.text("A cat").onPrompt("What is this?"::equals));
		String context = context(Map.of("type", "image", "image", IMAGE),
				Map.of("type", "text", "text", "What is this?"));
		JsonNode result = result("seeing_chat", Map.of("chat_context", context));
		assertThat(result.get("text").asString()).isEqualTo("A cat");
		assertThat(result.get("prompt_length").asInt()).isEqualTo(3);
	}

	@Test
	void messageWithOnlyAnImageHasAnEmptyPrompt() {
		JsonNode result = result("seeing_chat", Map.of("chat_context", context(Map.of("image", IMAGE))));
		assertThat(result.get("text").asString()).isNotEmpty();
		assertThat(result.get("prompt_length").asInt()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "audio", "video" })
	void audioAndVideoMustBeDataUrisOfTheirType(String type) {
		String context = context(Map.of(type, "data:" + type + "/mp4;base64,AAAA"));
		assertThat(result("hearing_chat", Map.of("chat_context", context)).get("text").asString()).isNotEmpty();
		assertThat(error("hearing_chat", Map.of("chat_context", context(Map.of(type, "data:image/png;base64,AAAA")))))
			.startsWith("Invalid value chat_context=")
			.endsWith(": not a data URI with data of type " + type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "data:image/png;base64,AAAA", "https://example.com/cat.png", "cat" })
	void imageMustBeReadable(String image) {
		assertThat(error("seeing_chat", Map.of("chat_context", context(Map.of("image", image)))))
			.startsWith("Invalid value chat_context=")
			.endsWith(": not a data URI with a readable image");
	}

	@ParameterizedTest
	@CsvSource({ "seeing_chat, audio", "seeing_chat, video", "hearing_chat, image", "plain_chat, image",
			"tool-chat, image" })
	void mediaThatTheEndpointDoesNotSupportAreRefused(String endpoint, String type) {
		assertThat(error(endpoint, Map.of("chat_context", context(Map.of(type, "data:" + type + "/x;base64,AAAA")))))
			.isEqualTo("Media of type " + type + " is not allowed in input parameter chat_context");
	}

	@Test
	void partContainsTextOrMedia() {
		assertThat(error("seeing_chat", Map.of("chat_context", context(Map.of("image", IMAGE, "text", "A cat")))))
			.endsWith(": a part of a message contains more than one of 'text', 'image', 'audio', 'video'");
	}

	@Test
	void onlyAChatAcceptsToolsAndMedia() {
		assertThatIllegalStateException().isThrownBy(() -> AkiEmulatorEndpoint.image("my_image").tools())
			.withMessage("Only a chat can accept tools, but the endpoint 'my_image' is like z_image_turbo");
		assertThatIllegalStateException().isThrownBy(() -> AkiEmulatorEndpoint.speech("my_speech").media("audio"))
			.withMessage("Only a chat can accept media, but the endpoint 'my_speech' is like xttsv2");
	}

	@Test
	void otherMediaAreRefused() {
		AkiEmulatorEndpoint chat = AkiEmulatorEndpoint.chat("chat");
		assertThatIllegalArgumentException().isThrownBy(() -> chat.media("text"))
			.withMessage("The media of a chat must be of [image, audio, video]: [text]");
		assertThatIllegalArgumentException().isThrownBy(chat::media);
	}

	@Test
	void endpointIsImmutable() {
		AkiEmulatorEndpoint chat = AkiEmulatorEndpoint.chat("chat");
		chat.tools();
		chat.media("image");
		assertThat(chat.toEndpoint().inputs()).doesNotContainKey("tools");
		assertThat(chat.toEndpoint().inputs().get("chat_context")).doesNotContainKey("support");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a/b", "a b", "a.b", "ä" })
	void nameHasOnlyCertainCharacters(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> AkiEmulatorEndpoint.chat(name))
			.withMessageContaining("'" + name + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "llama3_8b_chat", "twice" })
	void nameCannotBeUsedTwice(String name) {
		AkiEmulator.Builder builder = AkiEmulator.builder().endpoint(AkiEmulatorEndpoint.speech("twice"));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.endpoint(AkiEmulatorEndpoint.chat(name)))
			.withMessage("The emulator already has an endpoint '" + name + "'");
	}

	@Test
	void runningEmulatorDoesNotChangeWithItsBuilder() {
		AkiEmulator.Builder builder = AkiEmulator.builder();
		try (AkiEmulator running = builder.build()) {
			builder.endpoint(AkiEmulatorEndpoint.chat("later"));
			assertThat(new EmulatorClient(running).call("later", Map.of()).status()).isEqualTo(404);
		}
	}

	@Test
	void faultsApplyToAdditionalEndpoints() {
		this.emulator.faults().add(AkiEmulatorFault.status(429).onEndpoint("plain_chat"));
		assertThat(this.client.call("tool-chat", Map.of("wait_for_result", false)).status()).isEqualTo(200);
		assertThat(this.client.call("plain_chat", Map.of("wait_for_result", false)).status()).isEqualTo(429);
	}

	private JsonNode details(String endpoint) {
		return this.client.get("/api/endpoints/" + endpoint, Map.of("key", this.emulator.apiKey())).json();
	}

	private String error(String endpoint, Map<String, ?> params) {
		EmulatorClient.Reply reply = this.client.call(endpoint, params);
		assertThat(reply.status()).as(reply.text()).isEqualTo(400);
		assertThat(reply.at("/error")).hasSize(1);
		return reply.at("/error/0").asString();
	}

	private JsonNode result(String endpoint, Map<String, ?> params) {
		String job = this.client.start(endpoint, params);
		this.clock.advance(Duration.ofMinutes(5));
		return this.client.poll(endpoint, job).json().get("job_result");
	}

	private static String context(Map<?, ?>... parts) {
		return EmulatorClient.JSON.writeValueAsString(List.of(Map.of("role", "user", "content", List.of(parts))));
	}

}
