package io.aki.spring.boot.test;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AkiEmulatorLifecycleTests {

	@Test
	void inRealTimeJobsEndByThemselves() throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(20).build()) {
			EmulatorClient client = new EmulatorClient(emulator);
			CompletableFuture<EmulatorClient.Reply> chat = client.callLater("llama3_8b_chat",
					Map.of("prompt_input", "Hello"));
			CompletableFuture<EmulatorClient.Reply> image = client.callLater("z_image_turbo",
					Map.of("prompt", "a lake", "width", 128, "height", 128));
			assertThat(chat.get(20, TimeUnit.SECONDS).at("/text").asString()).isNotEmpty();
			assertThat(image.get(20, TimeUnit.SECONDS).at("/images")).hasSize(1);
		}
	}

	@Test
	void manyCallsCanWaitAtOnce() throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(20).workers("llama3_8b_chat", 100).build()) {
			EmulatorClient client = new EmulatorClient(emulator);
			@SuppressWarnings({ "unchecked", "rawtypes" })
			CompletableFuture<EmulatorClient.Reply>[] calls = new CompletableFuture[100];
			for (int i = 0; i < calls.length; i++) {
				calls[i] = client.callLater("llama3_8b_chat", Map.of("prompt_input", "Hello " + i));
			}
			CompletableFuture.allOf(calls).get(30, TimeUnit.SECONDS);
			assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("done");
			assertThat(emulator.jobs()).extracting(AkiEmulatorJob::handedOut).containsOnly(1);
		}
	}

	@Test
	void closingEndsTheCallsThatWait() throws Exception {
		AkiEmulator emulator = AkiEmulator.start();
		CompletableFuture<EmulatorClient.Reply> call = new EmulatorClient(emulator).callLater("llama3_8b_chat",
				Map.of("prompt_input", "HANG"));
		emulator.close();
		assertThat(call.get(10, TimeUnit.SECONDS).status()).isEqualTo(503);
	}

	@Test
	void closingLeavesNoThread() {
		AkiEmulator emulator = AkiEmulator.builder().pace(50).build();
		EmulatorClient client = new EmulatorClient(emulator);
		client.call("llama3_8b_chat", Map.of("prompt_input", "Hello"));
		client.callLater("llama3_8b_chat", Map.of("prompt_input", "HANG"));
		Set<Thread> own = threads();
		assertThat(own).isNotEmpty();
		emulator.close();
		assertThat(own).noneMatch(Thread::isAlive);
	}

	@Test
	void closingTwiceDoesNothing() {
		AkiEmulator emulator = AkiEmulator.start();
		int port = emulator.port();
		emulator.close();
		emulator.close();
		assertThat(emulator.port()).isEqualTo(port);
	}

	@Test
	void aClosedEmulatorNoLongerFollowsItsClock() {
		AkiEmulatorClock clock = AkiEmulatorClock.create();
		AkiEmulator.builder().clock(clock).build().close();
		clock.advance(Duration.ofHours(1));
		assertThat(clock.instant()).isEqualTo("2026-01-01T01:00:00Z");
	}

	@Test
	void resettingForgetsAllAndEndsTheCallsThatWait() throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder().workers("llama3_8b_chat", 1).build()) {
			EmulatorClient client = new EmulatorClient(emulator);
			CompletableFuture<EmulatorClient.Reply> call = client.callLater("llama3_8b_chat",
					Map.of("prompt_input", "HANG"));
			String before = emulator.jobs().get(0).id();
			emulator.reset();
			assertThat(call.get(10, TimeUnit.SECONDS).status()).isEqualTo(503);
			assertThat(emulator.jobs()).isEmpty();
			assertThat(emulator.requests()).isEmpty();
			assertThat(client.poll(before).status()).isEqualTo(402);
			assertThat(client.poll(client.chat("HANG")).state()).isEqualTo("processing");
			assertThat(emulator.jobs()).extracting(AkiEmulatorJob::id).doesNotContain(before);
		}
	}

	@Test
	void aPortInUseIsReported() {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			AkiEmulator.Builder builder = AkiEmulator.builder().port(emulator.port());
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(builder::build)
				.withMessageContaining(String.valueOf(emulator.port()));
		}
		Awaitility.await().until(() -> threads().isEmpty());
	}

	@Test
	void itShowsItsAddressAndNothingElse() {
		try (AkiEmulator emulator = AkiEmulator.builder().apiKeys("s3cret").build()) {
			assertThat(emulator).hasToString("AkiEmulator[http://127.0.0.1:" + emulator.port() + "]");
		}
	}

	@Test
	void senselessSettingsAreRefused() {
		AkiEmulator.Builder builder = AkiEmulator.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.pace(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.pace(Double.NaN));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.port(-1));
		assertThatIllegalArgumentException().isThrownBy(builder::apiKeys);
		assertThatIllegalArgumentException().isThrownBy(() -> builder.workers("nope", 1))
			.withMessageContaining("llama3_8b_chat");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.maxQueueLength("xttsv2", -1));
	}

	@Test
	void onlyAJobUnderWayCanLapse() {
		try (AkiEmulator emulator = AkiEmulator.start()) {
			assertThatIllegalArgumentException().isThrownBy(() -> emulator.lapse("nope"));
		}
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("aki-emulator"))
			.collect(Collectors.toSet());
	}

}
