package io.aki.client;

import java.util.Map;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link AkiResult#isRetryable()}: it must be {@code false} whenever the server
 * may have started a job.
 */
class RetryableResultTests {

	private final AkiEmulator emulator = AkiEmulator.builder().pace(100).build();

	private final AkiClient client = AkiClient.builder()
		.apiServer(this.emulator.apiServer())
		.apiKey(this.emulator.apiKey())
		.endpoint("llama3_8b_chat")
		.retry(AkiRetryPolicy.DEFAULT.withMaxAttempts(1))
		.build();

	@AfterEach
	void close() {
		this.client.close();
		this.emulator.close();
	}

	@Test
	void success() {
		assertThat(start().success()).isTrue();
		assertThat(start().isRetryable()).isFalse();
	}

	@Test
	void serverThatIsNotReachable() {
		this.emulator.refuseConnections(true);
		assertThat(start().isRetryable()).isTrue();
		assertThat(this.client.doApiRequest(params()).isRetryable()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 429, 503 })
	void serverThatIsBusy(int status) {
		this.emulator.faults().add(AkiEmulatorFault.status(status).always());
		assertThat(start().isRetryable()).isTrue();
		assertThat(this.client.doApiRequest(params()).isRetryable()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 500, 502 })
	void otherStatus(int status) {
		this.emulator.faults().add(AkiEmulatorFault.status(status).onPhase(AkiEmulatorFault.Phase.START));
		assertThat(start().isRetryable()).isFalse();
	}

	@Test
	void brokenConnection() {
		this.emulator.faults().add(AkiEmulatorFault.reset().afterReading().onPhase(AkiEmulatorFault.Phase.START));
		assertThat(start().isRetryable()).isFalse();
	}

	@Test
	void workerThatFails() {
		assertThat(this.client.doApiRequestAsync(AkiParameters.chat().user("FAIL")).result().join().isRetryable())
			.isFalse();
	}

	@Test
	void resultOfATest() {
		assertThat(AkiResult.of(Map.of("success", false, "error", "busy", "error_code", 429)).isRetryable()).isTrue();
		assertThat(AkiResult.of(Map.of("success", false, "error", "busy", "error_code", 503, "job_id", "j#1"))
			.isRetryable()).isFalse();
		assertThat(AkiResult.of(Map.of("text", "Hello")).isRetryable()).isFalse();
	}

	private AkiResult start() {
		return this.client.doApiRequestAsync(params()).result().join();
	}

	private static Map<String, Object> params() {
		return AkiParameters.chat().user("Hello");
	}

}
