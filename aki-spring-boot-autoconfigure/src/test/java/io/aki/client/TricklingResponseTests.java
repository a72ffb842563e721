package io.aki.client;

import java.time.Duration;
import java.util.Map;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the time limit of an exchange ends a response that arrives in small pieces,
 * although each read is fast.
 */
@Timeout(60)
class TricklingResponseTests {

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.start();

	@ParameterizedTest
	@ValueSource(strings = { "JDK", "APACHE", "SIMPLE" })
	void aBodyThatTricklesIsEndedInTime(String engine) throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.tricklingBody(Duration.ofMillis(50)).always());
		AkiClientHttpRequestFactory timed = new AkiClientHttpRequestFactory(switch (engine) {
			case "JDK" -> new JdkClientHttpRequestFactory();
			case "APACHE" -> new HttpComponentsClientHttpRequestFactory();
			default -> new SimpleClientHttpRequestFactory();
		});
		try (AkiClient client = AkiClient.builder()
			.restClientBuilder(RestClient.builder().requestFactory(timed))
			.apiServer(this.emulator.apiServer())
			.apiKey(this.emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.readTimeout(Duration.ofMillis(300))
			.progressTimeout(Duration.ofMillis(300))
			.retry(new AkiRetryPolicy(1, Duration.ZERO, 1, Duration.ofMillis(1)))
			.build()) {
			assertThat(client.doApiRequest(Map.of("prompt_input", "x")).error())
				.startsWith("No complete response within 0.3 s");
			assertThat(client.getEndpointList().error()).startsWith("No complete response within 0.3 s");
		}
		finally {
			timed.destroy();
		}
	}

}
