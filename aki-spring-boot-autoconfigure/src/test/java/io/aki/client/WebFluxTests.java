package io.aki.client;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.JettyCoreHttpHandlerAdapter;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for WebFlux controllers that return the text of a job or its publisher.
 */
@Timeout(60)
class WebFluxTests {

	private static final String TEXT = "A long time passes. ".repeat(50) + "With the result comes the end.";

	private static final AkiEmulatorClock clock = AkiEmulatorClock.create();

	/** The jobs of this emulator continue only when a test advances the clock. */
	private static final AkiEmulator emulator = AkiEmulator.builder().seed(7).clock(clock).build();

	private static final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
			Application.class);

	private static final Server server = new Server(0);

	@BeforeAll
	static void start() throws Exception {
		server.setHandler(new JettyCoreHttpHandlerAdapter(WebHttpHandlerBuilder.applicationContext(context).build()));
		server.start();
	}

	@AfterAll
	static void stop() throws Exception {
		server.stop();
		context.close();
		emulator.close();
	}

	/**
	 * Send a GET request. The response starts with its first event, so that the clock
	 * must advance from poll to poll.
	 */
	private static BufferedReader get(String path) {
		int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
		CompletableFuture<InputStream> body = HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
					BodyHandlers.ofInputStream())
			.thenApply(HttpResponse::body);
		passTimeUntil(body::isDone);
		return new BufferedReader(new InputStreamReader(body.join(), StandardCharsets.UTF_8));
	}

	private static void passTimeUntil(BooleanSupplier end) {
		int seen = emulator.requests().size();
		while (!end.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new IllegalStateException("It did not come");
			}
			if (emulator.requests().size() > seen) {
				seen = emulator.requests().size();
				clock.advance(Duration.ofMillis(200));
			}
			Thread.onSpinWait();
		}
	}

	@BeforeEach
	void reset() {
		emulator.reset();
	}

	@Test
	void theBrowserGetsTheProgressAsItComes() throws Exception {
		try (BufferedReader body = get("/progress?prompt=Hello")) {
			List<JsonNode> events = body.lines()
				.filter((line) -> line.startsWith("data:"))
				.peek((line) -> clock.advance(Duration.ofMillis(200)))
				.map((line) -> ScriptedServer.JSON.readTree(line.substring("data:".length())))
				.toList();
			assertThat(events).hasSizeGreaterThan(1);
			assertThat(events.get(events.size() - 1).at("/data/text").asString("")).isNotBlank();
			assertThat(events.get(0).at("/info/job_id").asString("")).isNotBlank();
		}
	}

	@Test
	void theBrowserGetsTheWholeText() throws Exception {
		emulator.replies().add(AkiEmulatorReply.text(TEXT));
		try (BufferedReader body = get("/chat?prompt=Hello")) {
			List<String> pieces = body.lines()
				.filter((line) -> line.startsWith("data:"))
				.peek((line) -> clock.advance(Duration.ofSeconds(10)))
				.map((line) -> ScriptedServer.JSON.readTree(line.substring("data:".length())).get("text").asString())
				.toList();
			assertThat(pieces).hasSizeGreaterThan(1);
			assertThat(String.join("", pieces)).isEqualTo(TEXT);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/chat", "/progress" })
	void aBrowserThatGoesAwayCancelsTheJob(String path) throws Exception {
		emulator.replies().add(AkiEmulatorReply.text(TEXT.repeat(10)));
		try (BufferedReader body = get(path + "?prompt=Hello")) {
			assertThat(body.readLine()).startsWith("data:");
		}
		passTimeUntil(() -> emulator.jobs().get(0).state().equals("canceled"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebFlux
	static class Application {

		@Bean
		AkiClient akiClient() {
			return AkiClient.builder()
				.apiServer(emulator.apiServer())
				.apiKey(emulator.apiKey())
				.endpoint("llama3_8b_chat")
				.progressInterval(Duration.ofMillis(5))
				.build();
		}

		@Bean
		ChatController chatController(AkiClient aki) {
			return new ChatController(aki);
		}

	}

	@RestController
	static class ChatController {

		private final AkiClient aki;

		ChatController(AkiClient aki) {
			this.aki = aki;
		}

		@GetMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<Map<String, String>> chat(@RequestParam String prompt) {
			AkiJob job = this.aki.doApiRequestAsync(AkiParameters.chat().user(prompt));
			return JdkFlowAdapter.flowPublisherToFlux(job.textPublisher()).map((piece) -> Map.of("text", piece));
		}

		@GetMapping(path = "/progress", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flow.Publisher<AkiProgress> progress(@RequestParam String prompt) {
			return this.aki.doApiRequestAsync(AkiParameters.chat().user(prompt)).publisher();
		}

	}

}
