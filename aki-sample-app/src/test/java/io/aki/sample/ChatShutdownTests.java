package io.aki.sample;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an open stream does not delay the stop of the application, and that its job
 * continues.
 */
class ChatShutdownTests {

	@Test
	void openStreamEndsAndTheJobContinues() throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder().build()) {
			ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class, "--server.port=0",
					"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=" + emulator.apiKey(),
					"--spring.lifecycle.timeout-per-shutdown-phase=2m");
			SampleClient sample = new SampleClient(
					context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
			JsonNode conversation = JsonMapper.shared()
				.readTree(sample.postJson("/api/conversations", "{\"text\": \"HANG\"}").body());
			try (SseStream stream = sample.stream("/api/conversations/" + conversation.path("id").asString()
					+ "/messages/" + conversation.path("messages").path(1).path("id").asString() + "/events")) {
				stream.next();
				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(emulator.jobs()).hasSize(1));
				CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
				stream.all();
				closed.get(1, TimeUnit.MINUTES);
			}
			assertThat(emulator.jobs()).singleElement().extracting(AkiEmulatorJob::cancelRequests).isEqualTo(0);
		}
	}

}
