package io.aki.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link AkiParameters}.
 */
class AkiParametersTests {

	private static final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(100).build();

	private static final String PNG_BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

	private static final String PNG_URI = "data:image/png;base64," + PNG_BASE64;

	private static final byte[] PNG = Base64.getDecoder().decode(PNG_BASE64);

	private final AkiClient aki = AkiClient.builder()
		.apiServer(emulator.apiServer())
		.apiKey(emulator.apiKey())
		.endpoint("llama3_8b_chat")
		.build();

	@BeforeEach
	void reset() {
		emulator.reset();
	}

	@AfterAll
	static void stop() {
		emulator.close();
	}

	static Stream<Arguments> recordedRequests() {
		return Stream.of(arguments("call blocking", AkiParameters.chat().user("Tell a joke").maxGenTokens(20)),
				arguments("call not blocking", AkiParameters.chat().maxGenTokens(60).user("Write a story")),
				arguments("worker reports an error", AkiParameters.chat().user("FAIL")),
				arguments("image call (fills the worker)", AkiParameters.image("robot 0").width(128).height(128)));
	}

	@ParameterizedTest
	@MethodSource("recordedRequests")
	void parametersEqualTheRecordedRequest(String transcript, AkiParameters built) {
		Map<String, Object> recorded = Transcripts.params(transcript);
		assertThat(built).isEqualTo(recorded).hasSameHashCodeAs(recorded);
		try (ScriptedServer server = new ScriptedServer().json("{\"success\": true, \"text\": \"x\"}");
				AkiClient client = server.client().build()) {
			client.doApiRequest(built);
			Map<String, Object> sent = server.requests().get(0).json();
			assertThat(sent).containsEntry("key", "test-key").containsEntry("wait_for_result", true);
			sent.computeIfPresent("chat_context", (name, text) -> ScriptedServer.JSON.readTree((String) text));
			Map<String, Object> body = Transcripts.object(Transcripts.all().get(transcript).at("/request/body"));
			body.computeIfPresent("chat_context", (name, text) -> ScriptedServer.JSON.readTree((String) text));
			body.put("wait_for_result", true);
			assertThat(sent).isEqualTo(body);
		}
	}

	@Test
	void chatIsAcceptedByTheServer() {
		AkiParameters.Chat chat = AkiParameters.chat()
			.system("You are a helpful assistant")
			.user("Hello")
			.assistant("How can I help you?")
			.message(Map.of("role", "user", "content", "Tell me a joke"))
			.maxGenTokens(200)
			.temperature(0.7)
			.topK(40)
			.topP(0.9)
			.outputFormat("chatml");
		assertThat(this.aki.doApiRequest(chat).orThrow().text()).isNotBlank();
		assertThat(chat).isEqualTo(Map.of("chat_context",
				List.of(Map.of("role", "system", "content", "You are a helpful assistant"),
						Map.of("role", "user", "content", "Hello"),
						Map.of("role", "assistant", "content", "How can I help you?"),
						Map.of("role", "user", "content", "Tell me a joke")),
				"max_gen_tokens", 200, "temperature", 0.7, "top_k", 40, "top_p", 0.9, "chat_output_format", "chatml"));
		assertDeclared(chat.set("chat_output_format", "raw"), "llama3_8b_chat", "chat_output_format");
	}

	@Test
	void imageIsAcceptedByTheServer() {
		AkiParameters.Image image = AkiParameters.image("A cute robot on a beach")
			.width(128)
			.height(160)
			.seed(42)
			.steps(4)
			.negativePrompt("people");
		AkiClient client = this.aki.forEndpoint("qwen_image");
		assertThat(client.doApiRequest(image).orThrow().images()).hasSize(1);
		assertThat(image).isEqualTo(Map.of("prompt", "A cute robot on a beach", "width", 128, "height", 160, "seed", 42,
				"steps", 4, "negative_prompt", "people"));
		assertDeclared(image, "qwen_image");
	}

	@Test
	void speechIsAcceptedByTheServer() {
		AkiParameters.Speech speech = AkiParameters.speech("Good morning!").language("en").voice("emma");
		assertThat(this.aki.forEndpoint("xttsv2").doApiRequest(speech).orThrow().audio()).isNotBlank();
		assertThat(speech).isEqualTo(Map.of("text", "Good morning!", "language", "en", "voice", "emma"));
		assertDeclared(speech, "xttsv2");
	}

	private void assertDeclared(AkiParameters parameters, String endpoint, String... documented) {
		List<String> declared = this.aki.getEndpointDetails(endpoint)
			.orThrow()
			.parameters()
			.stream()
			.map(AkiParameter::name)
			.toList();
		assertThat(parameters.keySet())
			.allMatch((name) -> declared.contains(name) || List.of(documented).contains(name));
	}

	@Test
	void imageToEditIsTakenInEachForm(@TempDir Path directory) throws IOException {
		Path file = Files.write(directory.resolve("photo.png"), PNG);
		for (Object image : List.of(PNG, new AkiBinary("png", PNG), file, file.toFile(), new FileSystemResource(file),
				new ByteArrayResource(PNG), PNG_URI)) {
			AkiParameters.Image edit = AkiParameters.image("Make it night").image(image);
			assertThat(edit).as(image.getClass().getName())
				.isEqualTo(Map.of("prompt", "Make it night", "image", PNG_URI));
			assertThat(this.aki.forEndpoint("qwen_image_edit").doApiRequest(edit).orThrow().images()).hasSize(1);
		}
	}

	@Test
	void mediaBecomePartsOfTheMessage() {
		AkiParameters.Chat chat = AkiParameters.chat()
			.user("What is it?", PNG, new AkiBinary("wav", new byte[] { 1 }), "data:video/MP4;base64,AQ==");
		assertThat(chat).isEqualTo(Map.of("chat_context", List.of(Map.of("role", "user", "content",
				List.of(Map.of("type", "text", "text", "What is it?"), Map.of("type", "image", "image", PNG_URI),
						Map.of("type", "audio", "audio", "data:audio/wav;base64,AQ=="),
						Map.of("type", "video", "video", "data:video/MP4;base64,AQ=="))))));
		assertThat(AkiParameters.chat().user("", PNG)).isEqualTo(Map.of("chat_context",
				List.of(Map.of("role", "user", "content", List.of(Map.of("type", "image", "image", PNG_URI))))));
		assertThat(AkiParameters.chat().user("No media", new Object[0]))
			.isEqualTo(AkiParameters.chat().user("No media"));
	}

	@Test
	void endpointWithoutSupportForMediaRefusesThem() {
		assertThatExceptionOfType(AkiBadRequestException.class)
			.isThrownBy(() -> this.aki.doApiRequest(AkiParameters.chat().user("What is it?", PNG)).orThrow())
			.withMessageContaining("Media of type image is not allowed in input parameter chat_context");
	}

	@Test
	void eachMethodLeavesTheOriginalUnchanged() {
		AkiParameters.Chat base = AkiParameters.chat().system("Answer like a pirate");
		AkiParameters.Chat first = base.user("Hello").temperature(0.1);
		AkiParameters.Chat second = base.user("Who are you?");
		assertThat(base).hasToString("Chat[chat_context]")
			.isEqualTo(Map.of("chat_context", List.of(Map.of("role", "system", "content", "Answer like a pirate"))));
		assertThat((List<?>) first.get("chat_context")).hasSize(2).isNotEqualTo(second.get("chat_context"));
		assertThat(second).containsOnlyKeys("chat_context");
	}

	@Test
	void parametersCanBeUsedForSeveralRequests() {
		AkiParameters chat = AkiParameters.chat().user("Tell me a joke");
		this.aki.doApiRequest(chat).orThrow();
		this.aki.doApiRequest(chat).orThrow();
		assertThat(emulator.requests()).extracting((request) -> request.params().get("chat_context"))
			.containsExactly("[{\"role\":\"user\",\"content\":\"Tell me a joke\"}]",
					"[{\"role\":\"user\",\"content\":\"Tell me a joke\"}]");
	}

	@Test
	void mapAndItsMessagesCannotBeChanged() {
		AkiParameters chat = AkiParameters.chat().user("Hello");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> chat.put("top_k", 1));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> chat.remove("chat_context"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(chat::clear);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> ((List<?>) chat.get("chat_context")).remove(0));
	}

	@Test
	void anyJsonMapperWritesTheApisNames() {
		assertThat(JsonMapper.builder().build().writeValueAsString(AkiParameters.chat().user("Hello").topK(3)))
			.isEqualTo("{\"chat_context\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"top_k\":3}");
	}

	@Test
	void namesAloneAreShownAsText() {
		assertThat(AkiParameters.image("secret").image(PNG)).hasToString("Image[prompt, image]");
	}

	@Test
	void anyOtherParameterCanBeSet() {
		assertThat(AkiParameters.image("robot").set("guidance", 3.5).width(64))
			.isEqualTo(Map.of("prompt", "robot", "guidance", 3.5, "width", 64));
		assertThat(AkiParameters.speech("Hi").set("speed", 2).voice("emma")).containsEntry("speed", 2);
		assertThat(AkiParameters.chat().set("stop", List.of("\n")).user("Hi")).containsEntry("stop", List.of("\n"));
	}

	@Test
	void largeSeedIsKept() {
		assertThat(AkiParameters.image("robot").seed(4_294_967_295L)).containsEntry("seed", 4_294_967_295L);
		assertThat(AkiParameters.image("robot").seed(-1)).containsEntry("seed", -1);
	}

	static Stream<Arguments> misuses() {
		AkiParameters.Chat chat = AkiParameters.chat();
		AkiParameters.Image image = AkiParameters.image("robot");
		return Stream.of(misuse(() -> AkiParameters.image(" "), "'prompt' must not be empty"),
				misuse(() -> AkiParameters.image(null), "'prompt' must not be empty"),
				misuse(() -> AkiParameters.speech(""), "'text' must not be empty"),
				misuse(() -> chat.user(""), "The user's message must not be empty"),
				misuse(() -> chat.user(" ", new Object[0]), "The user's message must not be empty"),
				misuse(() -> chat.system(null), "The system message must not be empty"),
				misuse(() -> chat.assistant(null), "The assistant's message must not be null"),
				misuse(() -> chat.message(Map.of("content", "x")), "must have a 'role': system, user or assistant"),
				misuse(() -> chat.message(Map.of("role", "user")), "must have a 'content'"),
				misuse(() -> chat.maxGenTokens(0), "'max_gen_tokens' must be greater than 0 but is 0"),
				misuse(() -> chat.temperature(-0.1), "'temperature' must be 0 or more but is -0.1"),
				misuse(() -> chat.temperature(Double.NaN), "'temperature' must be 0 or more but is NaN"),
				misuse(() -> chat.topK(-1), "'top_k' must be greater than 0 but is -1"),
				misuse(() -> chat.topP(1.1), "'top_p' must be between 0 and 1 but is 1.1"),
				misuse(() -> chat.topP(Double.NaN), "'top_p' must be between 0 and 1 but is NaN"),
				misuse(() -> chat.outputFormat(""), "'chat_output_format' must not be empty"),
				misuse(() -> chat.set("chat_context", "[]"), "'chat_context' cannot be set: add its messages"),
				misuse(() -> chat.set("", 1), "name must not be empty"),
				misuse(() -> chat.set("stop", null), "'stop' must not be null"),
				misuse(() -> image.width(0), "'width' must be greater than 0 but is 0"),
				misuse(() -> image.height(-5), "'height' must be greater than 0 but is -5"),
				misuse(() -> image.steps(0), "'steps' must be greater than 0 but is 0"),
				misuse(() -> image.negativePrompt(null), "'negative_prompt' must not be null"),
				misuse(() -> image.image(null), "'image' must not be null"),
				misuse(() -> image.image("photo.png"), "'image' is a text but not a data URI with base64"),
				misuse(() -> image.image(7), "'image' is a java.lang.Integer, which is not binary data"),
				misuse(() -> image.image(List.of(PNG)), "which is not binary data"),
				misuse(() -> image.image(Path.of("missing.png")), "missing.png"),
				misuse(() -> chat.user("What?", "x".getBytes(StandardCharsets.UTF_8)), "'media'"),
				misuse(() -> chat.user("What?", "data:application/pdf;base64,AQ=="),
						"'media' contains data of the type 'application/pdf', which is no image, audio or video"),
				misuse(() -> AkiParameters.speech("Hi").language(" "), "'language' must not be empty"),
				misuse(() -> AkiParameters.speech("Hi").voice(null), "'voice' must not be empty"));
	}

	private static Arguments misuse(Supplier<AkiParameters> misuse, String message) {
		return arguments(message, misuse);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("misuses")
	void invalidValueIsRefusedAtOnce(String message, Supplier<AkiParameters> misuse) {
		assertThatIllegalArgumentException().isThrownBy(misuse::get).withMessageContaining(message);
	}

}
