package io.aki.spring.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.aki.client.AkiBadRequestException;
import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiJobFailedException;
import io.aki.client.AkiParameters;
import io.aki.client.AkiProgress;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiReactive}.
 */
@Timeout(60)
class AkiReactiveTests {

	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(20).build();

	private final AkiClient aki = AkiClient.builder()
		.apiServer(this.emulator.apiServer())
		.apiKey(this.emulator.apiKey())
		.endpoint("llama3_8b_chat")
		.progressInterval(Duration.ofMillis(10))
		.build();

	@AfterEach
	void close() {
		this.aki.close();
		this.emulator.close();
	}

	private AkiJob start() {
		return this.aki.doApiRequestAsync(AkiParameters.chat().user("Hello"));
	}

	private void awaitCanceled() {
		while (!this.emulator.jobs().stream().allMatch((job) -> job.state().equals("canceled"))) {
			Thread.onSpinWait();
		}
	}

	@Test
	void textIsTheAnswer() {
		this.emulator.replies().add(AkiEmulatorReply.text("<think>Hm.</think>An answer of a few words."));
		assertThat(AkiReactive.text(start()).collectList().block())
			.satisfies((pieces) -> assertThat(String.join("", pieces)).isEqualTo("An answer of a few words."));
	}

	@Test
	void progressEndsWithTheJob() {
		List<AkiProgress> progress = AkiReactive.progress(start()).collectList().block();
		assertThat(progress).isNotEmpty();
		assertThat(this.emulator.jobs().get(0).state()).isEqualTo("done");
	}

	@Test
	void resultIsTheResult() {
		assertThat(AkiReactive.result(start()).block()).satisfies((result) -> assertThat(result.answer()).isNotBlank());
	}

	@Test
	void failuresAreAkiExceptions() {
		this.emulator.faults().add(AkiEmulatorFault.workerError("CUDA out of memory").onPhase(Phase.START).times(100));
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> AkiReactive.text(start()).blockLast());
		assertThatExceptionOfType(AkiJobFailedException.class)
			.isThrownBy(() -> AkiReactive.progress(start()).blockLast());
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> AkiReactive.result(start()).block());
		AkiClient raising = this.aki.mutate().raiseExceptions(true).build();
		Map<String, ?> invalid = AkiParameters.chat().user("Hello").set("bogus", 1);
		assertThatExceptionOfType(AkiBadRequestException.class)
			.isThrownBy(() -> AkiReactive.result(raising.doApiRequestAsync(invalid)).block());
		assertThatExceptionOfType(AkiBadRequestException.class)
			.isThrownBy(() -> AkiReactive.progress(raising.doApiRequestAsync(invalid)).blockLast());
	}

	@Test
	void cancelingCancelsTheJob() {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START).times(3));
		for (Disposable subscription : List.of(AkiReactive.text(start()).subscribe(),
				AkiReactive.progress(start()).subscribe(), AkiReactive.result(start()).subscribe())) {
			while (this.emulator.jobs().size() < 3) {
				Thread.onSpinWait();
			}
			subscription.dispose();
		}
		awaitCanceled();
	}

}
