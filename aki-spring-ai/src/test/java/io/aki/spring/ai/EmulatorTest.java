package io.aki.spring.ai;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Base class for tests with a client and an emulator.
 */
abstract class EmulatorTest {

	static final String CHAT = "llama3_8b_chat";

	/** Declares the parameter {@code tools}. */
	static final String CHAT_WITH_TOOLS = "qwen3_chat";

	/** Accepts images. */
	static final String CHAT_WITH_IMAGES = "qwen3_vl_chat";

	static AkiEmulator emulator;

	static AkiClient client;

	@BeforeAll
	static void start() {
		emulator = AkiEmulator.builder()
			.seed(7)
			.pace(20)
			.endpoint(AkiEmulatorEndpoint.chat(CHAT_WITH_TOOLS).tools())
			.endpoint(AkiEmulatorEndpoint.chat(CHAT_WITH_IMAGES).media("image"))
			.build();
		client = AkiClient.builder()
			.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.progressInterval(Duration.ofMillis(20))
			.build();
	}

	@AfterAll
	static void stop() {
		client.close();
		emulator.close();
	}

	@BeforeEach
	void reset() {
		emulator.reset();
	}

	static AkiChatModel chatModel() {
		return chatModel(CHAT);
	}

	static AkiChatModel chatModel(String endpoint) {
		return AkiChatModel.builder(client).options(AkiChatOptions.builder().model(endpoint).build()).build();
	}

	/**
	 * Return the requests that start a job.
	 */
	static List<AkiEmulatorRequest> calls() {
		return emulator.requests().stream().filter((request) -> request.path().startsWith("/api/call/")).toList();
	}

	/**
	 * Return the messages of a request.
	 */
	static List<Map<String, Object>> messages(AkiEmulatorRequest request) {
		return JsonMapper.builder()
			.build()
			.readerForListOf(Map.class)
			.readValue(String.valueOf(request.params().get("chat_context")));
	}

	/**
	 * Wait until each job is in a state.
	 */
	static void awaitJobs(String state) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(emulator.jobs()).isNotEmpty()
				.extracting(AkiEmulatorJob::state)
				.containsOnly(state));
	}

}
