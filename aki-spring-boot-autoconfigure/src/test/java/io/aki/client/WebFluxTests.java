package io.aki.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
 * A job's publisher, returned by a WebFlux controller.
 */
@Timeout(60)
class WebFluxTests {

	private static final AkiEmulatorClock clock = AkiEmulatorClock.create();

	/** Its jobs go on only when a test advances the clock. */
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

	private static InputStream get(String prompt) throws IOException, InterruptedException {
		int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/chat?prompt=" + prompt)).build(),
					BodyHandlers.ofInputStream())
			.body();
	}

	@Test
	void theBrowserGetsTheProgressAsItComes() throws Exception {
		try (BufferedReader body = new BufferedReader(new InputStreamReader(get("Hello"), StandardCharsets.UTF_8))) {
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
	void aBrowserThatGoesAwayCancelsTheJob() throws Exception {
		try (BufferedReader body = new BufferedReader(new InputStreamReader(get("HANG"), StandardCharsets.UTF_8))) {
			assertThat(body.readLine()).startsWith("data:");
		}
		while (emulator.jobs().stream().map(AkiEmulatorJob::state).noneMatch("canceled"::equals)) {
			if (Thread.interrupted()) {
				throw new IllegalStateException("The job was not canceled");
			}
			Thread.onSpinWait();
		}
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

		// tag::flux[]
		@GetMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flow.Publisher<AkiProgress> chat(@RequestParam String prompt) {
			return this.aki.doApiRequestAsync(Map.of("prompt_input", prompt)).publisher();
		}
		// end::flux[]

	}

}
