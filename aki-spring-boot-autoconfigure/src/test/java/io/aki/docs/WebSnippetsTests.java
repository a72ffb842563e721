package io.aki.docs;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.util.concurrent.CompletableFuture;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiParameters;
import io.aki.client.AkiProgress;
import io.aki.client.AkiRateLimitException;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.aki.spring.web.AkiEventStream;
import io.aki.spring.web.AkiProblemDetails;
import io.aki.spring.web.AkiReactive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the snippets for web applications.
 */
@Timeout(60)
class WebSnippetsTests {

	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(20).build();

	@AfterEach
	void stop() {
		this.emulator.close();
	}

	private HttpResponse<String> post(WebApplicationType type, String path) throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).web(type)
			.run("--server.port=0", "--aki.io.api-server=" + this.emulator.apiServer(),
					"--aki.io.api-key=" + this.emulator.apiKey(), "--aki.io.endpoint=llama3_8b_chat",
					"--aki.io.retry.max-attempts=1", "--aki.io.async.enabled=true")) {
			String port = context.getEnvironment().getProperty("local.server.port");
			return HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
					.header("Content-Type", "application/json")
					.POST(BodyPublishers.ofString("{\"text\":\"Tell me a joke\"}"))
					.build(), BodyHandlers.ofString());
		}
	}

	@Test
	void chat() throws Exception {
		for (WebApplicationType type : new WebApplicationType[] { WebApplicationType.SERVLET,
				WebApplicationType.REACTIVE }) {
			assertThat(post(type, "/chat").body()).contains("event:delta\ndata:{\"text\":\"").contains("event:done\n");
		}
	}

	@Test
	void joke() throws Exception {
		for (WebApplicationType type : new WebApplicationType[] { WebApplicationType.SERVLET,
				WebApplicationType.REACTIVE }) {
			assertThat(post(type, "/joke").body()).contains("\"text\":").doesNotContain("start_time");
		}
	}

	@Test
	void blocking() throws Exception {
		assertThat(post(WebApplicationType.SERVLET, "/blocking").body()).contains("\"text\":")
			.doesNotContain("start_time");
	}

	@Test
	void async() throws Exception {
		assertThat(post(WebApplicationType.SERVLET, "/async").body()).isNotBlank().doesNotContain("problem");
	}

	@Test
	void reactive() throws Exception {
		assertThat(post(WebApplicationType.REACTIVE, "/text").body()).isNotBlank();
		assertThat(post(WebApplicationType.REACTIVE, "/progress").body()).contains("\"job_state\":");
	}

	@Test
	void ownHandler() throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.status(429).onPhase(Phase.START));
		HttpResponse<String> response = post(WebApplicationType.SERVLET, "/joke");
		assertThat(response.statusCode()).isEqualTo(429);
		assertThat(response.body()).contains("Please try again in a minute");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ChatController.class, Failures.class })
	static class Application {

	}

	record Question(String text) {
	}

	@RestController
	static class ChatController {

		private final AkiClient aki;

		private final AkiAsyncClient akiAsync;

		ChatController(AkiClient aki, AkiAsyncClient akiAsync) {
			this.aki = aki;
			this.akiAsync = akiAsync;
		}

		// @formatter:off
		// tag::chat[]
		@PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream chat(@RequestBody Question question) {
			return AkiEventStream.of(this.aki, AkiParameters.chat().user(question.text()));
		}
		// end::chat[]

		// tag::reconnectable[]
		@PostMapping(path = "/story", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream story(@RequestBody Question question, Principal user) {
			return AkiEventStream.of(this.aki, AkiParameters.chat().user(question.text())).reconnectable(user.getName());
		}
		// end::reconnectable[]

		// tag::job[]
		@PostMapping("/joke")
		AkiJob joke() {
			return this.aki.doApiRequestAsync(AkiParameters.chat().user("Tell me a joke"));
		}
		// end::job[]

		// tag::blocking[]
		@PostMapping("/blocking")
		AkiResult blocking() {
			return this.aki.doApiRequest(AkiParameters.chat().user("Tell me a joke")).orThrow();
		}
		// end::blocking[]

		// tag::async[]
		@PostMapping("/async")
		CompletableFuture<String> async() {
			return this.akiAsync.doApiRequestAwait(AkiParameters.chat().user("Tell me a joke"))
				.thenApply((result) -> result.orThrow().answer());
		}
		// end::async[]

		// tag::reactive[]
		@PostMapping(path = "/text", produces = MediaType.TEXT_PLAIN_VALUE)
		Flux<String> text(@RequestBody Question question) {
			return AkiReactive.text(this.aki.doApiRequestAsync(AkiParameters.chat().user(question.text())));
		}

		@PostMapping(path = "/progress", produces = MediaType.APPLICATION_NDJSON_VALUE)
		Flux<AkiProgress> progress(@RequestBody Question question) {
			return AkiReactive.progress(this.aki.doApiRequestAsync(AkiParameters.chat().user(question.text())));
		}
		// end::reactive[]
		// @formatter:on

	}

}

// @formatter:off
// tag::handler[]
@RestControllerAdvice
class Failures {

	@ExceptionHandler
	ProblemDetail tooMany(AkiRateLimitException failure) {
		ProblemDetail problem = AkiProblemDetails.of(failure);
		problem.setDetail("Please try again in a minute");
		return problem;
	}

}
// end::handler[]
// @formatter:on
