package io.aki.spring.web;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.web.WebApplication.Event;
import io.aki.spring.web.WebApplication.EventReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the event streams and jobs that controllers return, on each web server.
 */
@ParameterizedClass(name = "{0}, virtual threads: {1}")
@MethodSource("stacks")
@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AkiEventStreamTests {

	private static final String ANSWER = "A long answer that comes in pieces. ".repeat(20).strip();

	@Parameter(0)
	WebStack stack;

	@Parameter(1)
	boolean virtualThreads;

	private static AkiEmulator sharedEmulator;

	private static WebApplication sharedApplication;

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private AkiEmulator emulator;

	private WebApplication application;

	static Stream<Arguments> stacks() {
		return Stream.of(WebStack.values())
			.flatMap((stack) -> (Runtime.version().feature() >= 21)
					? Stream.of(Arguments.of(stack, false), Arguments.of(stack, true))
					: Stream.of(Arguments.of(stack, false)));
	}

	@BeforeParameterizedClassInvocation
	static void startShared(WebStack stack, boolean virtualThreads) {
		sharedEmulator = AkiEmulator.builder().seed(7).pace(20).build();
		sharedApplication = stack.start(TestApplication.class, sharedEmulator, virtualThreads(virtualThreads));
	}

	@AfterParameterizedClassInvocation
	static void stopShared() {
		sharedApplication.close();
		sharedEmulator.close();
	}

	private static String virtualThreads(boolean enabled) {
		return "spring.threads.virtual.enabled=" + enabled;
	}

	@BeforeEach
	void useShared() {
		this.emulator = sharedEmulator;
		this.application = sharedApplication;
		this.emulator.reset();
	}

	@AfterEach
	void stop(CapturedOutput output) {
		if (this.application != sharedApplication) {
			this.application.close();
			this.emulator.close();
		}
		assertThat(output.getAll()).doesNotContain(" ERROR ").doesNotContain("\tat ");
	}

	/**
	 * Start an application and an emulator for one test.
	 */
	private void startOwn(AkiEmulator.Builder emulator, String... properties) {
		this.emulator = emulator.build();
		this.application = this.stack.start(TestApplication.class, this.emulator,
				StringUtils.addStringToArray(properties, virtualThreads(this.virtualThreads)));
	}

	private static void await(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new IllegalStateException("It did not happen");
			}
			Thread.onSpinWait();
		}
	}

	private void awaitJob(String state) {
		await(() -> !this.emulator.jobs().isEmpty()
				&& this.emulator.jobs().stream().allMatch((job) -> job.state().equals(state)));
	}

	private static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	private static String text(List<Event> events, String name) {
		return events.stream()
			.filter((event) -> event.name().equals(name))
			.map(Event::text)
			.collect(Collectors.joining());
	}

	@Test
	void streamHasTheWholeAnswerAndEndsWithDone() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text("<think>Let me see. " + ANSWER + "</think>\n" + ANSWER));
		try (EventReader reader = this.application.open("/chat")) {
			assertThat(reader.response().statusCode()).isEqualTo(200);
			assertThat(reader.response().headers().firstValue("Content-Type").orElseThrow())
				.startsWith("text/event-stream");
			assertThat(reader.response().headers().firstValue("Cache-Control")).contains("no-cache, no-transform");
			List<Event> events = reader.all();
			assertThat(events.get(0).name()).isEqualTo("progress");
			assertThat(events.get(0).id()).isNull();
			assertThat(events.get(0).data().get("job_id").asString()).isEqualTo(this.emulator.jobs().get(0).id());
			assertThat(text(events, "delta")).isEqualTo(ANSWER);
			assertThat(text(events, "thinking")).isEqualTo("Let me see. " + ANSWER);
			assertThat(events.stream().map(Event::name).filter((name) -> name.equals("done") || name.equals("failure")))
				.containsExactly("done");
			Event last = events.get(events.size() - 1);
			assertThat(last.name()).isEqualTo("done");
			assertThat(last.data().get("success").asBoolean()).isTrue();
			assertThat(last.data().has("text")).isTrue();
			assertThat(last.data().has("auth")).isFalse();
			assertThat(last.data().has("start_time")).isFalse();
		}
		awaitJob("done");
	}

	@Test
	void streamOfARunningJob() throws Exception {
		try (EventReader reader = this.application.open("/running")) {
			List<Event> events = reader.all();
			assertThat(events.get(events.size() - 1).name()).isEqualTo("done");
		}
	}

	@Test
	void streamInAResponseEntityHasItsStatusAndHeaders() throws Exception {
		try (EventReader reader = this.application.open("/entity-stream")) {
			assertThat(reader.response().statusCode()).isEqualTo(202);
			assertThat(reader.response().headers().firstValue("X-Test")).contains("yes");
			List<Event> events = reader.all();
			assertThat(events.get(events.size() - 1).name()).isEqualTo("done");
		}
	}

	@Test
	void failureBeforeTheFirstEventIsAProblemDetail() {
		HttpResponse<String> response = this.application.post("/invalid", "Accept", "text/event-stream");
		assertProblem(response, 400, "bad-request");
		assertThat(json(response).get("detail").asString()).contains("bogus");
	}

	@Test
	void unknownEndpointIsNotFound() {
		assertProblem(this.application.post("/chat?endpoint=unknown_endpoint"), 404, "unknown-endpoint");
	}

	@Test
	void tooManyRequestsHaveARetryAfter() {
		startOwn(AkiEmulator.builder().pace(20), "aki.io.retry.max-attempts=1");
		this.emulator.faults()
			.add(AkiEmulatorFault.status(429).retryAfter(Duration.ofSeconds(7)).onPhase(Phase.START).times(100));
		HttpResponse<String> response = this.application.post("/chat");
		assertProblem(response, 429, "rate-limit");
		assertThat(response.headers().firstValue("Retry-After")).contains("7");
	}

	@Test
	void failureAfterTheFirstEventIsTheLastEvent() throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.workerError("CUDA out of memory").onPhase(Phase.START));
		try (EventReader reader = this.application.open("/chat")) {
			assertThat(reader.response().statusCode()).isEqualTo(200);
			List<Event> events = reader.all();
			Event last = events.get(events.size() - 1);
			assertThat(last.name()).isEqualTo("failure");
			assertThat(last.data().get("status").asInt()).isEqualTo(502);
			assertThat(last.data().get("type").asString()).isEqualTo("urn:problem-type:aki:job-failed");
			assertThat(last.data().get("detail").asString()).contains("CUDA out of memory");
			assertThat(last.data().get("job_id").asString()).isEqualTo(this.emulator.jobs().get(0).id());
			assertThat(events.stream().map(Event::name)).doesNotContain("done").containsOnlyOnce("failure");
		}
	}

	@Test
	void clientThatClosesItsConnectionCancelsTheJob() throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (EventReader reader = this.application.open("/chat")) {
			assertThat(reader.next()).isNotNull();
		}
		awaitJob("canceled");
	}

	@Test
	void clientThatResetsItsConnectionCancelsTheJob() throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (Socket socket = this.application.connect("/chat")) {
			assertThat(socket.getInputStream().read()).isPositive();
			socket.setSoLinger(true, 0);
		}
		awaitJob("canceled");
	}

	@Test
	void clientThatDoesNotReadCancelsTheJob() throws Exception {
		startOwn(AkiEmulator.builder().clock(this.clock), "server.tomcat.connection-timeout=1s",
				"server.jetty.connection-idle-timeout=1s", "spring.mvc.async.request-timeout=1h");
		// the emulator writes 20 to 40 words per second
		this.emulator.replies().add(AkiEmulatorReply.text(("x".repeat(100_000) + " ").repeat(100)));
		try (Socket socket = this.application.connect("/chat")) {
			await(() -> this.emulator.requests().size() > 1);
			this.clock.advance(Duration.ofSeconds(2));
			awaitJob("canceled");
			assertThat(socket.isClosed()).isFalse();
		}
	}

	@Test
	void streamSendsHeartbeats() throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (EventReader reader = this.application.open("/chat")) {
			assertThat(reader.next()).isNotNull();
			reader.awaitComments(2);
		}
	}

	@Test
	void applicationThatStopsCancelsTheJob() throws Exception {
		startOwn(AkiEmulator.builder().pace(20));
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (EventReader reader = this.application.open("/chat")) {
			assertThat(reader.next()).isNotNull();
			this.application.close();
			awaitJob("canceled");
		}
	}

	@Test
	void jobIsThePublicResult() {
		HttpResponse<String> response = this.application.post("/job");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
		assertThat(json(response).get("success").asBoolean()).isTrue();
		assertThat(json(response).has("text")).isTrue();
		assertThat(json(response).has("auth")).isFalse();
	}

	@Test
	void jobOfAControllerWithoutResponseBody() {
		assertThat(json(this.application.post("/view-job")).has("text")).isTrue();
	}

	@Test
	void jobInAResponseEntityHasItsStatusAndHeaders() {
		HttpResponse<String> response = this.application.post("/entity");
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(response.headers().firstValue("X-Test")).contains("yes");
		assertThat(json(response).has("text")).isTrue();
	}

	@Test
	void failedJobIsAProblemDetail() {
		this.emulator.faults().add(AkiEmulatorFault.workerError("CUDA out of memory").onPhase(Phase.START));
		assertProblem(this.application.post("/job"), 502, "job-failed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/no-job", "/no-stream" })
	void responseEntityWithoutBodyHasItsStatus(String path) {
		HttpResponse<String> response = this.application.post(path);
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.headers().firstValue("X-Test")).contains("yes");
		assertThat(response.body()).isEmpty();
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void statusOfAnAnnotationIsKept() {
		assertThat(this.application.post("/accepted-job").statusCode()).isEqualTo(202);
		HttpResponse<String> stream = this.application.post("/accepted-stream");
		assertThat(stream.statusCode()).isEqualTo(202);
		assertThat(stream.body()).contains("event:done\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/wildcard-job", "/mono-job" })
	void jobOfAnUndeclaredType(String path) {
		HttpResponse<String> response = this.application.post(path);
		assertThat(json(response).has("text")).as(response.body()).isTrue();
		awaitJob("done");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/wildcard-stream", "/mono-stream", "/mono-entity?stream=true" })
	void streamOfAnUndeclaredType(String path) {
		assertThat(this.application.post(path).body()).contains("event:done\n");
		awaitJob("done");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/wildcard-text", "/mono-entity?stream=false" })
	void otherBodiesAreNotChanged(String path) {
		assertThat(this.application.post(path).body()).isEqualTo("text");
	}

	@Test
	void statusOfTheApplicationsOwnExceptionIsKept() {
		assertThat(this.application.post("/conflict").statusCode()).isEqualTo(409);
		assertThat(this.application.post("/own-failure").statusCode()).isEqualTo(422);
	}

	@Test
	void failureOfAFutureIsAProblemDetail() {
		assertProblem(this.application.post("/completion"), 502, "connection");
	}

	@Test
	void exceptionInTheCallbackIsTheLastEvent() throws Exception {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (EventReader reader = this.application.open("/callback")) {
			List<Event> events = reader.all();
			Event last = events.get(events.size() - 1);
			assertThat(last.name()).isEqualTo("failure");
			assertThat(last.data().get("status").asInt()).isEqualTo(500);
			assertThat(last.data().toString()).doesNotContain("secret");
		}
		awaitJob("canceled");
	}

	@Test
	void requestOfAClientThatDisconnectsEnds() throws Exception {
		startOwn(AkiEmulator.builder().pace(20), "server.shutdown=graceful",
				"spring.lifecycle.timeout-per-shutdown-phase=1h");
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START).times(3));
		for (int i = 0; i < 3; i++) {
			try (Socket socket = this.application.connect("/chat")) {
				assertThat(socket.getInputStream().read()).isPositive();
				socket.setSoLinger(true, 0);
			}
		}
		await(() -> this.emulator.jobs().size() == 3);
		awaitJob("canceled");
		// waits for all active requests
		this.application.close();
	}

	private static void assertProblem(HttpResponse<String> response, int status, String type) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
		assertThat(json(response).get("status").asInt()).isEqualTo(status);
		assertThat(json(response).get("type").asString()).isEqualTo("urn:problem-type:aki:" + type);
		assertThat(json(response).get("title").asString()).isNotBlank();
		assertThat(json(response).get("detail").asString()).isNotBlank();
	}

}
