package io.aki.spring.ai;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import io.aki.client.AkiCanceledException;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.image.ImagePrompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The emulator's jobs show whether a job was canceled on the server.
 */
class CancelTests extends EmulatorTest {

	private static final String LONG_ANSWER = "word ".repeat(20_000);

	private static void hang() {
		emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(AkiEmulatorFault.Phase.START).always());
	}

	private static void awaitStart() {
		Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(emulator.jobs()).isNotEmpty());
	}

	@Test
	void disposingTheSubscriptionCancelsTheJob() {
		hang();
		Disposable subscription = chatModel().stream(new Prompt("Hello")).subscribe();
		awaitStart();
		subscription.dispose();
		awaitJobs("canceled");
	}

	@Test
	void takeCancelsTheJob() {
		emulator.replies().add(AkiEmulatorReply.text(LONG_ANSWER));
		assertThat(chatModel().stream(new Prompt("Hello")).take(1).collectList().block()).hasSize(1);
		awaitJobs("canceled");
	}

	@Test
	void timeoutCancelsTheJob() {
		hang();
		StepVerifier.create(chatModel().stream(new Prompt("Hello")).timeout(Duration.ofSeconds(2)))
			.expectError(TimeoutException.class)
			.verify();
		awaitJobs("canceled");
	}

	@Test
	void anErrorOfTheSubscriberCancelsTheJob() {
		emulator.replies().add(AkiEmulatorReply.text(LONG_ANSWER));
		StepVerifier.create(chatModel().stream(new Prompt("Hello")).map((response) -> {
			throw new IllegalStateException("Expected");
		})).expectError(IllegalStateException.class).verify();
		awaitJobs("canceled");
	}

	@Test
	void takeOfAChatClientCancelsTheJob() {
		emulator.replies().add(AkiEmulatorReply.text(LONG_ANSWER));
		ChatClient.create(chatModel()).prompt("Hello").stream().content().take(1).blockLast();
		awaitJobs("canceled");
	}

	@Test
	void interruptOfACallCancelsTheJob() throws Exception {
		hang();
		assertInterruptCancels(() -> chatModel().call("Hello"));
	}

	@Test
	void interruptOfImagesCancelsEachJob() throws Exception {
		hang();
		AkiImageOptions options = AkiImageOptions.builder().model("z_image_turbo").n(3).build();
		assertInterruptCancels(() -> AkiImageModel.builder(client).build().call(new ImagePrompt("A robot", options)));
		assertThat(emulator.jobs()).hasSize(3);
	}

	private static void assertInterruptCancels(Runnable call) throws Exception {
		CompletableFuture<Void> ended = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				call.run();
				ended.complete(null);
			}
			catch (Throwable ex) {
				ended.completeExceptionally(ex);
			}
		});
		thread.start();
		awaitStart();
		thread.interrupt();
		assertThat(ended).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withCauseInstanceOf(AkiCanceledException.class);
		awaitJobs("canceled");
	}

}
