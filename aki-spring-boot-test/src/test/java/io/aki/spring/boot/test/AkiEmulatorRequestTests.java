package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorRequestTests {

	@Test
	void requestsAreKeptInOrderWithAllThatTheySaid() {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			EmulatorClient client = new EmulatorClient(emulator);
			client.get("/api/validate_key", Map.of("key", "test-key"));
			client.post("/api/call/llama3_8b_chat", "not json");
			client.chat("Grüße");
			List<AkiEmulatorRequest> requests = emulator.requests();
			assertThat(requests).extracting(AkiEmulatorRequest::method).containsExactly("GET", "POST", "POST");
			assertThat(requests).extracting(AkiEmulatorRequest::path)
				.containsExactly("/api/validate_key", "/api/call/llama3_8b_chat", "/api/call/llama3_8b_chat");
			assertThat(requests.get(0).query()).containsEntry("key", "test-key");
			assertThat(requests.get(1).body()).isEmpty();
			assertThat(requests.get(1).rawBody()).isEqualTo("not json");
			assertThat(requests.get(2).params()).isEqualTo(Map.of("prompt_input", "Grüße"));
			assertThat(requests.get(2).body()).containsEntry("key", "test-key");
		}
	}

	@Test
	void theKeyIsNotShown() {
		String raw = "{\"key\":\"s3cret\",\"prompt\":\"a lake\"}";
		Map<String, Object> body = new LinkedHashMap<>(Map.of("key", "s3cret", "prompt", "a lake"));
		assertThat(new AkiEmulatorRequest("POST", "/api/call/x", Map.of("key", "s3cret"), body, raw).toString())
			.doesNotContain("s3cret")
			.contains("key=***", "prompt=a lake", "/api/call/x");
		assertThat(new AkiEmulatorRequest("POST", "/", Map.of(), Map.of(), "[\"s3cret\"]").toString())
			.doesNotContain("s3cret");
	}

	@Test
	void nullsInABodyAreKept() {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("seed", null);
		assertThat(new AkiEmulatorRequest("POST", "/", Map.of(), body, "").params()).containsEntry("seed", null);
	}

}
