package io.aki.client;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link BlockingCallGuard}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockingCallGuardTests {

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "Hello");

	private final AkiEmulator emulator = AkiEmulator.start();

	private final AkiClient aki = AkiClient.builder()
		.apiServer(this.emulator.apiServer())
		.apiKey("test-key")
		.endpoint("llama3_8b_chat")
		.build();

	@AfterEach
	void close() {
		this.aki.close();
		this.emulator.close();
	}

	@Test
	void blockingCallInThreadThatMustNotBlockIsRejected() {
		assertRejected(() -> this.aki.doApiRequest(PARAMS));
		assertRejected(() -> this.aki.doApiRequestAwait(PARAMS));
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Test
	void waitForResultInThreadThatMustNotBlockIsRejected() {
		AkiJob job = this.aki.doApiRequestAsync(Map.of("prompt_input", "HANG"));
		assertRejected(() -> job.result().get());
		assertRejected(() -> job.result().join());
		job.cancel();
	}

	@Test
	void resultThatIsAvailableCanBeReadInAnyThread() {
		AkiJob job = this.aki.doApiRequestAsync(PARAMS);
		job.result().join();
		assertThat(Mono.fromCallable(() -> job.result().join()).subscribeOn(Schedulers.parallel()).block().success())
			.isTrue();
	}

	@Test
	void blockingCallInThreadForBlockingCallsIsAccepted() {
		assertThat(Mono.fromCallable(() -> this.aki.doApiRequest(PARAMS))
			.subscribeOn(Schedulers.boundedElastic())
			.block()
			.success()).isTrue();
	}

	@Test
	void waitForResultInOwnCallbackIsRejected() {
		AtomicReference<AkiJob> job = new AtomicReference<>();
		job.set(this.aki.doApiRequestAsync(PARAMS, (info, data) -> {
			while (job.get() == null) {
				Thread.onSpinWait();
			}
			job.get().result().join();
		}));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> job.get().result().join())
			.withCauseInstanceOf(IllegalStateException.class)
			.withMessageContaining("in the callback of this job");
	}

	private static void assertRejected(Callable<?> call) {
		assertThatIllegalStateException()
			.isThrownBy(() -> Mono.fromCallable(call).subscribeOn(Schedulers.parallel()).block())
			.withMessageContaining("must not block");
	}

}
