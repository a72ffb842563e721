package io.aki.spring.web;

import java.net.http.HttpResponse;
import java.time.Duration;

import io.aki.client.AkiRequestGuard;
import io.aki.client.AkiRequestRefusedException;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the response of a web application whose guard refuses a request.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestRefusalTests {

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(50).build();

	@ParameterizedTest
	@EnumSource
	void refusalIsAProblemDetail(WebStack stack) {
		try (WebApplication application = stack.start(RefusingApplication.class, this.emulator)) {
			for (String path : new String[] { "/chat", "/job", "/reconnectable?owner=alice", "/running" }) {
				HttpResponse<String> response = application.post(path);
				assertThat(response.statusCode()).as(path).isEqualTo(429);
				assertThat(response.headers().firstValue("Retry-After")).as(path).hasValue("8");
				assertThat(response.headers().firstValue("Content-Type").orElseThrow())
					.startsWith("application/problem+json");
				assertThat(response.body()).contains("urn:problem-type:aki:refused", "Your credit is used up")
					.doesNotContain("llama3_8b_chat");
			}
			HttpResponse<String> forGood = application.post("/job?endpoint=z_image_turbo");
			assertThat(forGood.statusCode()).isEqualTo(403);
			assertThat(forGood.headers().firstValue("Retry-After")).isEmpty();
		}
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Import(TestApplication.class)
	static class RefusingApplication {

		@Bean
		AkiRequestGuard guard() {
			return (request) -> {
				throw new AkiRequestRefusedException(request.endpoint(), "Your credit is used up",
						request.endpoint().contains("image") ? null : Duration.ofMillis(7500));
			};
		}

	}

}
