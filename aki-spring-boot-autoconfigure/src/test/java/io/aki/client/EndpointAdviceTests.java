package io.aki.client;

import java.util.Map;

import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EndpointAdvice}.
 */
class EndpointAdviceTests {

	private final AkiEmulator emulator = AkiEmulator.start();

	private final AkiClient aki = AkiClient.builder()
		.apiServer(this.emulator.apiServer())
		.apiKey("test-key")
		.endpoint("llama3_chat")
		.build();

	@AfterEach
	void close() {
		this.aki.close();
		this.emulator.close();
	}

	@Test
	void failureOfUnknownEndpointContainsNearestNames() {
		AkiResult result = this.aki.doApiRequest(Map.of());
		assertThat(result.errorCode()).isEqualTo(404);
		assertThat(result.error())
			.contains("There is no endpoint 'llama3_chat'. The nearest names are 'llama3_8b_chat'")
			.contains("getEndpointList()");
		assertThatExceptionOfType(AkiServerException.class).isThrownBy(result::orThrow);
	}

	@Test
	void failureOfJobContainsNearestNames() {
		assertThat(this.aki.doApiRequestAwait(Map.of()).error()).contains("'llama3_8b_chat'");
	}

	@Test
	void failureOfEndpointDetailsContainsNearestNames() {
		assertThat(this.aki.getEndpointDetails("z_image_trubo").error()).contains("'z_image_turbo'");
	}

	@Test
	void serverIsAskedOncePerEndpoint() {
		this.aki.doApiRequest(Map.of());
		this.aki.doApiRequest(Map.of());
		assertThat(this.emulator.requests()).filteredOn((request) -> request.path().equals("/api/endpoints"))
			.hasSize(1);
	}

	@Test
	void failureOfInvalidParametersContainsDeclaredNames() {
		AkiResult result = this.aki.forEndpoint("llama3_8b_chat").doApiRequest(Map.of("bogus", 1));
		assertThat(result.errorCode()).isEqualTo(400);
		assertThat(result.error()).contains("bogus")
			.contains("The endpoint declares the parameters ")
			.contains("chat_context")
			.contains("max_gen_tokens");
	}

	@Test
	void successAsksNothing() {
		this.aki.forEndpoint("llama3_8b_chat").doApiRequest(Map.of("prompt_input", "Hello"));
		assertThat(this.emulator.requests()).hasSize(1);
	}

	@Test
	void serverThatDoesNotKnowTheListGivesNoAdvice() {
		try (ScriptedServer server = new ScriptedServer().on((request) -> ScriptedServer.Reply.json(404, "{}"));
				AkiClient client = server.client().build()) {
			assertThat(client.doApiRequest(Map.of()).error()).isEqualTo("404 Not Found");
		}
	}

}
