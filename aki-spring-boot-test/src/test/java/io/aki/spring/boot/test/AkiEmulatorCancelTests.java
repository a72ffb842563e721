package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorCancelTests {

	private static final String CHAT = "llama3_8b_chat";

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).workers(CHAT, 1).build();

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void aCanceledJobKeepsTheTextSoFar() {
		String job = this.client.chat("Tell me a story");
		this.clock.advance(Duration.ofSeconds(1));
		String soFar = this.client.poll(job).at("/progress/progress_data/text").asString();
		EmulatorClient.Reply reply = this.client.cancel(CHAT, job);
		assertThat(reply.state()).isEqualTo("canceled");
		assertThat(reply.json().propertyNames()).containsExactlyInAnyOrder("success", "job_id", "ep_version",
				"job_state", "job_result");
		assertThat(reply.at("/job_result/text").asString()).isEqualTo(soFar).isNotEmpty();
		assertThat(reply.at("/job_result/success").asBoolean()).isTrue();
	}

	@Test
	void aCanceledJobHandsOutItsResultOnce() {
		String job = this.client.chat("Tell me a story");
		this.client.cancel(CHAT, job);
		EmulatorClient.Reply again = this.client.poll(job);
		assertThat(again.state()).isEqualTo("canceled");
		assertThat(again.json().has("job_result")).isFalse();
	}

	@Test
	void aCanceledJobFreesItsWorkerAtOnce() {
		String job = this.client.chat("HANG");
		String next = this.client.chat("Hello");
		assertThat(this.client.poll(next).state()).isEqualTo("queued");
		this.client.cancel(CHAT, job);
		assertThat(this.client.poll(next).state()).isEqualTo("processing");
	}

	@Test
	void aQueuedJobCanBeCanceled() {
		this.client.chat("HANG");
		String queued = this.client.chat("Hello");
		EmulatorClient.Reply reply = this.client.cancel(CHAT, queued);
		assertThat(reply.state()).isEqualTo("canceled");
		assertThat(reply.at("/job_result/text").asString()).isEmpty();
	}

	@Test
	void aCancelThatComesTooLateBringsTheResult() {
		String job = this.client.chat("Hello");
		this.clock.advance(Duration.ofMinutes(5));
		EmulatorClient.Reply reply = this.client.cancel(CHAT, job);
		assertThat(reply.state()).isEqualTo("done");
		assertThat(reply.at("/job_result/text").asString()).isNotEmpty();
		assertThat(this.client.cancel(CHAT, job).json().has("job_result")).isFalse();
	}

	@Test
	void aCancelEndsTheCallThatWaits() throws Exception {
		CompletableFuture<EmulatorClient.Reply> call = this.client.callLater(CHAT, Map.of("prompt_input", "HANG"));
		this.client.cancel(CHAT, this.emulator.jobs().get(0).id());
		EmulatorClient.Reply reply = call.get(10, TimeUnit.SECONDS);
		assertThat(reply.status()).isEqualTo(200);
		assertThat(reply.at("/success").asBoolean()).isTrue();
		assertThat(this.emulator.jobs()).singleElement().satisfies((job) -> {
			assertThat(job.state()).isEqualTo("canceled");
			assertThat(job.cancelRequests()).isEqualTo(1);
			assertThat(job.endedAt()).isNotNull();
		});
	}

}
