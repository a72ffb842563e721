package io.aki.sample;

import java.util.List;
import java.util.Map;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a browser can reconnect after a restart of the application. Another client
 * starts the job and is closed without canceling it.
 */
@SampleTest
class ResumeTests {

	@Test
	void jobOfAnEarlierLifeIsResumed(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		emulator.reset();
		String jobId;
		try (AkiClient earlier = AkiClient.builder()
			.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.cancelOnClose(false)
			.build()) {
			AkiJob job = earlier.doApiRequestAsync(Map.of("prompt_input", "Write a story"));
			jobId = job.progress().findFirst().orElseThrow().info().jobId();
		}
		List<Event> events = new SampleClient(port).reconnect(jobId, "/api/chat/stream", "prompt=Write a story").all();
		assertThat(events).last().extracting(Event::name).isEqualTo("done");
		assertThat(events).extracting(Event::id).containsOnly(jobId);
		assertThat(emulator.jobs()).singleElement().satisfies((job) -> {
			assertThat(job.handedOut()).isEqualTo(1);
			assertThat(job.cancelRequests()).isZero();
		});
	}

}
