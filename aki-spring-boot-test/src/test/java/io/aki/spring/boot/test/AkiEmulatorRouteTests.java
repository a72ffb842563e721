package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorRouteTests {

	private static final AkiEmulator EMULATOR = AkiEmulator.builder().apiKeys("first", "second").build();

	private final EmulatorClient client = new EmulatorClient(EMULATOR);

	@AfterAll
	static void close() {
		EMULATOR.close();
	}

	@Test
	void everyGivenKeyIsAccepted() {
		assertThat(EMULATOR.apiKey()).isEqualTo("first");
		for (String key : List.of("first", "second")) {
			assertThat(this.client.get("/api/validate_key", Map.of("key", key)).at("/success").asBoolean()).isTrue();
		}
		assertThat(this.client.get("/api/validate_key", Map.of("key", "test-key")).at("/success").asBoolean())
			.isFalse();
		assertThat(this.client.get("/api/validate_key", Map.of()).at("/success").asBoolean()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "xttsv2", "z_image_turbo", "llama3_8b_chat", "qwen_image", "qwen_image_edit" })
	void detailsNeedAKey(String endpoint) {
		assertThat(this.client.get("/api/endpoints/" + endpoint, Map.of()).status()).isEqualTo(401);
		assertThat(this.client.get("/api/endpoints/" + endpoint, Map.of("key", "bad")).at("/error").asString())
			.isEqualTo("Key not valid");
		EmulatorClient.Reply details = this.client.get("/api/endpoints/" + endpoint, Map.of("key", "second"));
		assertThat(details.status()).isEqualTo(200);
		assertThat(details.at("/name").asString()).isEqualTo(endpoint);
		assertThat(details.at("/parameter_description/input").has("wait_for_result")).isTrue();
	}

	@Test
	void aPollNeedsAKey() {
		EmulatorClient.Reply reply = this.client.post("/api/progress/llama3_8b_chat",
				"{\"key\": \"bad\", \"job_id\": \"x\"}");
		assertThat(reply.status()).isEqualTo(401);
		assertThat(reply.at("/error/0").asString()).isEqualTo("Key not valid");
	}

	@Test
	void aPollOfAnUnknownEndpointIsNotFound() {
		EmulatorClient.Reply reply = this.client.poll("nope", "x");
		assertThat(reply.status()).isEqualTo(404);
		assertThat(reply.at("/message").asString()).isEqualTo("Requested URL /nope not found");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/api", "/api/endpoints/", "/api/endpoints/a%2Fb", "/api/call", "/api/call/a/b" })
	void otherPathsAreNotFound(String path) {
		EmulatorClient.Reply reply = this.client.get(path, Map.of());
		assertThat(reply.status()).isEqualTo(404);
		assertThat(reply.contentType()).isEqualTo("text/plain; charset=utf-8");
		assertThat(reply.text()).contains("Requested URL " + path + " not found");
	}

	@ParameterizedTest
	@CsvSource({ "/api/call/llama3_8b_chat", "/api/progress/llama3_8b_chat" })
	void aCallIsNoGet(String path) {
		EmulatorClient.Reply reply = this.client.get(path, Map.of());
		assertThat(reply.status()).isEqualTo(405);
		assertThat(reply.text()).contains("Method GET not allowed for URL " + path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/validate_key", "/api/endpoints", "/api/endpoints/xttsv2" })
	void aQuestionIsNoPost(String path) {
		assertThat(this.client.post(path, "{}").status()).isEqualTo(405);
	}

	@Test
	void theServerDoesNotSayWhatItIs() {
		assertThat(this.client.get("/api/endpoints", Map.of()).headers().keySet()).doesNotContain("server",
				"x-powered-by");
	}

}
