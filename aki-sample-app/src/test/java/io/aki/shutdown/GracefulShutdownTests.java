package io.aki.shutdown;

import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that requests which wait for a job receive their result while the application is
 * being closed. The client is closed after the web server has completed its requests. The
 * emulator's clock does not advance until the web server refuses connections.
 */
@Timeout(60)
class GracefulShutdownTests {

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	@Test
	void requestsInFlightHaveTheirResults() throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).build();
				ConfigurableApplicationContext context = start(emulator)) {
			int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
			CompletableFuture<HttpResponse<String>> async = get(port, "/async");
			CompletableFuture<HttpResponse<String>> polling = get(port, "/polling");
			CompletableFuture<HttpResponse<String>> blocking = get(port, "/blocking");
			Awaitility.await().untilAsserted(() -> assertThat(emulator.jobs()).hasSize(3));
			CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
			Awaitility.await()
				.untilAsserted(() -> assertThatExceptionOfType(ConnectException.class)
					.isThrownBy(() -> new Socket("127.0.0.1", port).close()));
			assertThat(closed).isNotDone();
			this.clock.advance(Duration.ofMinutes(1));
			for (CompletableFuture<HttpResponse<String>> answer : java.util.List.of(async, polling, blocking)) {
				assertThat(answer.get(30, TimeUnit.SECONDS).body()).startsWith("text: ").hasSizeGreaterThan(10);
			}
			closed.get(30, TimeUnit.SECONDS);
			assertThat(emulator.jobs()).extracting(AkiEmulatorJob::cancelRequests).containsOnly(0);
		}
	}

	private static CompletableFuture<HttpResponse<String>> get(int port, String path) {
		return HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
					BodyHandlers.ofString());
	}

	private static ConfigurableApplicationContext start(AkiEmulator emulator) {
		return SpringApplication.run(Application.class, "--server.port=0",
				"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=" + emulator.apiKey(),
				"--aki.io.cancel-on-close=true", "--spring.datasource.url=jdbc:h2:mem:shutdown",
				"--aki.io.tasks.enabled=false");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ServletWebSecurityAutoConfiguration.class, ManagementWebSecurityAutoConfiguration.class })
	@RestController
	static class Application {

		private static final Map<String, ?> PARAMS = Map.of("prompt_input", "hello");

		private final AkiClient aki;

		Application(AkiClient aki) {
			this.aki = aki;
		}

		@GetMapping("/async")
		CompletableFuture<String> async() {
			return this.aki.doApiRequestAsync(PARAMS).result().thenApply(Application::text);
		}

		@GetMapping("/polling")
		String polling() {
			return text(this.aki.doApiRequestAwait(PARAMS));
		}

		@GetMapping("/blocking")
		String blocking() {
			return text(this.aki.doApiRequest(PARAMS));
		}

		private static String text(AkiResult result) {
			return result.success() ? "text: " + result.text() : "error: " + result.error();
		}

	}

}
