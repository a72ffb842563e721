package io.aki.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.aki.sample.web.StreamLimit;
import io.aki.spring.boot.test.AkiEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the protections for users who copy the sample.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "AKI_API_KEY=", "aki.io.api-key=", "aki.io.progress-interval=20ms", "aki.io.emulator.pace=5",
				"aki.io.tasks.max-unfinished=2", "spring.servlet.multipart.max-request-size=1MB",
				"sample.max-streams=1" })
class SafetyTests {

	private static final String HANG = "{\"endpoint\": \"llama3_8b_chat\", \"params\": {\"prompt_input\": \"HANG\"}}";

	private final AkiEmulator emulator;

	private final int port;

	private final AtomicReference<Health> health;

	private final RawHttp http;

	SafetyTests(@Autowired AkiEmulator emulator, @Autowired AtomicReference<Health> health, @LocalServerPort int port) {
		this.emulator = emulator;
		this.health = health;
		this.port = port;
		this.http = new RawHttp(port);
	}

	@BeforeEach
	void resetHealth() {
		this.health.set(Health.up().build());
	}

	@Test
	void tooManyTasksAreRefusedForAWhile() {
		TaskApi tasks = new TaskApi(this.port);
		SampleClient sample = new SampleClient(this.port);
		String first = tasks.submit(HANG);
		String second = tasks.submit(HANG);
		HttpResponse<String> refused = sample.postJson("/api/tasks", HANG);
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
		assertThat(refused.body()).contains("Too many tasks are waiting or running");
		sample.post("/api/tasks/" + first + "/cancel");
		tasks.await(first, "canceled");
		String third = tasks.submit(HANG);
		sample.post("/api/tasks/" + second + "/cancel");
		sample.post("/api/tasks/" + third + "/cancel");
		tasks.await(second, "canceled");
		tasks.await(third, "canceled");
	}

	@Test
	void tooManyAnswersAreRefused() {
		SampleClient sample = new SampleClient(this.port);
		try (SseStream first = sample.streamJson("/api/assistant", "{\"text\": \"HANG\"}")) {
			HttpResponse<String> refused = sample.postJson("/api/assistant", "{\"text\": \"Hello\"}");
			assertThat(first).isNotNull();
			assertThat(refused.statusCode()).isEqualTo(429);
			assertThat(refused.body()).contains("Too many pages and answers are open");
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.emulator.jobs()).noneMatch((job) -> job.state().equals("processing")));
	}

	@ParameterizedTest
	@CsvSource({ "/streams/one, 200", "/streams/two, 429", "/streams/fail, 500" })
	void streamIsCountedBeforeItIsSubscribedToAndAlwaysReleased(String path, int status) {
		String user = TestUsers.HEADER + ": " + path;
		assertThat(this.http.send("GET " + path, user)).startsWith("HTTP/1.1 " + status);
		// the client may get the end of a response before the stream is released
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.http.send("GET /streams/one", user)).startsWith("HTTP/1.1 200"));
	}

	@Test
	void largeBodiesAreRefused() {
		assertThat(this.http.sendBody("x".repeat(1500000), "POST /api/tasks", "Content-Type: application/json",
				"Content-Length: 1500000"))
			.startsWith("HTTP/1.1 413")
			.contains("application/problem+json", "The limit is 1 MB");
		assertThat(this.http.sendBody("0\r\n\r\n", "POST /api/tasks", "Content-Type: application/json",
				"Transfer-Encoding: chunked"))
			.startsWith("HTTP/1.1 411");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"endpoint": "x\\u0000", "params": {}}            | endpoint must not contain the character U+0000
			{"endpoint": "x", "params": {"p": "a\\u0000b"}}   | params.p must not contain the character U+0000
			{"endpoint": "x", "params": {"p": ["\\u0000"]}}   | params.p must not contain the character U+0000
			{"endpoint": "x", "params": 1}                    | params has the wrong type
			not json                                          | The body must be JSON
			""")
	void invalidJsonIsRefused(String body, String detail) {
		HttpResponse<String> response = new SampleClient(this.port).postJson("/api/tasks", body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(response.body()).contains("\"detail\":\"" + detail + "\"").doesNotContain("Exception");
	}

	@Test
	void legalTextsThatLookLikeAnEscapeAreAccepted() {
		HttpResponse<String> response = new SampleClient(this.port).postJson("/api/tasks",
				"{\"endpoint\": \"../x\", \"params\": {\"p\": \"\\\\u0000\"}}");
		assertThat(response.body()).contains("endpoint must be the name of an endpoint").doesNotContain("U+0000");
	}

	@Test
	void charactersThatADatabaseCannotStoreAreRefusedInForms() {
		HttpResponse<String> response = new SampleClient(this.port).post("/speech", "text=a\0b");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("characters that are not allowed");
	}

	@Test
	void errorsAreProblemDetailsWithoutAStackTrace() {
		HttpResponse<String> response = new SampleClient(this.port).get("/api/tasks", "size=many");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(response.body()).contains("\"detail\":\"size cannot be read\"", "\"status\":400")
			.doesNotContain("Exception");
		assertThat(new SampleClient(this.port).get("/nowhere").body()).contains("\"status\":404")
			.doesNotContain("Exception", "at org.", "<html");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/nowhere", "/tasks/nobody", "/api/nowhere", "/error" })
	void browserGetsAPageForAnUnknownAddress(String path) {
		assertThat(this.http.send("GET " + path, "Accept: text/html,*/*;q=0.8")).startsWith("HTTP/1.1 404")
			.contains("Content-Type: text/html", "Not Found", "aria-label=\"Pages\"", "To the start page")
			.doesNotContain("Exception");
	}

	@Test
	void browserGetsAPageForAFailure() {
		assertThat(this.http.send("GET /fail", "Accept: text/html")).startsWith("HTTP/1.1 500")
			.contains("Internal Server Error", "aria-label=\"Pages\"")
			.doesNotContain("Exception", "secret");
		assertThat(this.http.send("GET /fail", "Accept: application/json")).startsWith("HTTP/1.1 500")
			.contains("application/problem+json", "\"title\":\"Internal Server Error\"")
			.doesNotContain("Exception", "secret");
	}

	@Test
	void failureOfTheDatabaseIsTemporary() {
		assertThat(this.http.send("GET /fail/database", "Accept: text/html")).startsWith("HTTP/1.1 503")
			.contains("Retry-After: 5", "Service Unavailable", "The database does not answer")
			.doesNotContain("Exception", "secret");
		assertThat(this.http.send("GET /fail/database", "Accept: application/json")).startsWith("HTTP/1.1 503")
			.contains("Retry-After: 5", "application/problem+json", "The database does not answer")
			.doesNotContain("Exception", "secret");
	}

	@Test
	void healthIsPublic() {
		assertThat(this.http.send("GET /actuator/health")).startsWith("HTTP/1.1 200")
			.contains("{", "\"status\":\"UP\"");
		assertThat(this.http.send("GET /actuator/env")).startsWith("HTTP/1.1 404");
	}

	@Test
	void badgeShowsTheHealthIndicatorAndPagesDoNotWaitForIt() {
		SampleClient sample = new SampleClient(this.port);
		this.health.set(Health.down().withDetail("keyValid", false).build());
		Awaitility.await()
			.atMost(Duration.ofSeconds(40))
			.untilAsserted(
					() -> assertThat(sample.get("/tasks").body()).contains("Emulator: the API key is not valid"));
		this.health.set(Health.outOfService().withDetail("workersOnline", 0).build());
		Awaitility.await()
			.atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(sample.get("/tasks").body()).contains("Emulator: no worker online"));
	}

	@TestConfiguration(proxyBeanMethods = false)
	@Import({ Failures.class, Streams.class, TestUsers.class })
	static class Configuration {

		@Bean
		AtomicReference<Health> health() {
			return new AtomicReference<>(Health.up().build());
		}

		@Bean
		HealthIndicator akiHealthIndicator(AtomicReference<Health> health) {
			return health::get;
		}

	}

	@RestController
	@RequestMapping(path = "/streams", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	static class Streams {

		private final StreamLimit limit;

		Streams(StreamLimit limit) {
			this.limit = limit;
		}

		@GetMapping("/one")
		Flux<String> one() {
			return this.limit.count(Flux.just("one"));
		}

		@GetMapping("/two")
		Flux<String> two() {
			return this.limit.count(Flux.just("one")).concatWith(this.limit.count(Flux.just("two")));
		}

		@GetMapping("/fail")
		Flux<String> fail() {
			this.limit.count(Flux.just("one"));
			throw new IllegalStateException("a secret");
		}

	}

	@RestController
	static class Failures {

		@GetMapping("/fail")
		String fail() {
			throw new IllegalStateException("a secret");
		}

		@GetMapping("/fail/database")
		String failOfTheDatabase() {
			throw new DataAccessResourceFailureException("a secret");
		}

	}

}
