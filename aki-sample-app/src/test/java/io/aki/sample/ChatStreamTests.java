package io.aki.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
class ChatStreamTests {

	private static final String STREAM = "/api/chat/stream";

	private static final String STORY = "prompt=Write a story about the sea";

	private final AkiEmulator emulator;

	private final SampleClient sample;

	ChatStreamTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.sample = new SampleClient(port);
	}

	@BeforeEach
	void forgetEarlierJobs() {
		this.emulator.reset();
	}

	@Test
	void deltasAddUpToTheTextOfTheResult() {
		List<Event> events = this.sample.stream(STREAM, STORY).all();
		assertThat(events).first().extracting(Event::name).isEqualTo("progress");
		assertThat(events).last().extracting(Event::name).isEqualTo("done");
		assertThat(events).filteredOn((event) -> event.name().equals("delta")).hasSizeGreaterThan(3);
		assertThat(deltas(events)).isEqualTo(events.get(events.size() - 1).data().path("text").asString());
	}

	@Test
	void everyEventHasTheJobsId() {
		List<Event> events = this.sample.stream(STREAM, STORY).all();
		assertThat(events).extracting(Event::id).containsOnly(onlyJob().id());
	}

	@Test
	void progressHasTheApisNames() {
		Event progress = this.sample.stream(STREAM, STORY).next();
		assertThat(progress.data().propertyNames()).contains("job_id", "progress", "queue_position", "estimate",
				"job_state");
		assertThat(progress.data().path("job_state").asString()).isEqualTo("queued");
	}

	@Test
	void resultIsTheApisOwnJson() {
		Event done = last(this.sample.stream(STREAM, STORY));
		assertThat(done.data().propertyNames()).contains("success", "job_id", "text", "num_generated_tokens");
	}

	@Test
	void answersOfAConversationAreSentWithTheNextPrompt() {
		String answer = last(this.sample.stream(STREAM, "prompt=Tell me a joke", "conversation=c1")).data()
			.path("text")
			.asString();
		last(this.sample.stream(STREAM, "prompt=Another one", "conversation=c1"));
		assertThat(contexts()).last().asString().contains("Tell me a joke", answer.substring(0, 10), "Another one");
	}

	@Test
	void promptsWithoutAConversationAreSentAlone() {
		last(this.sample.stream(STREAM, "prompt=Tell me a joke"));
		last(this.sample.stream(STREAM, "prompt=Another one"));
		assertThat(contexts()).last().asString().contains("Another one").doesNotContain("joke");
	}

	@Test
	void browserThatReconnectsGoesOnWithTheSameJob() {
		String jobId;
		try (SseStream first = this.sample.stream(STREAM, STORY)) {
			jobId = firstDelta(first).id();
		}
		List<Event> events = this.sample.reconnect(jobId, STREAM, STORY).all();
		assertThat(events).first().extracting(Event::name).isEqualTo("reset");
		assertThat(events).last().extracting(Event::name).isEqualTo("done");
		assertThat(events).extracting(Event::id).containsOnly(jobId);
		assertThat(deltas(events)).isEqualTo(events.get(events.size() - 1).data().path("text").asString());
		assertThat(onlyJob().handedOut()).isEqualTo(1);
		assertThat(onlyJob().cancelRequests()).isZero();
	}

	@Test
	void browserThatReconnectsAfterTheEndGetsIt() {
		Event done = last(this.sample.stream(STREAM, STORY));
		int polls = onlyJob().polls();
		List<Event> events = this.sample.reconnect(done.id(), STREAM, STORY).all();
		assertThat(events).first().extracting(Event::name).isEqualTo("reset");
		assertThat(events).last().isEqualTo(done);
		assertThat(deltas(events)).isEqualTo(done.data().path("text").asString());
		assertThat(onlyJob().polls()).isEqualTo(polls);
	}

	@Test
	void jobThatIsLookedAtTwiceIsFollowedOnce() {
		try (SseStream first = this.sample.stream(STREAM, STORY)) {
			String jobId = firstDelta(first).id();
			Event second = last(this.sample.reconnect(jobId, STREAM, STORY));
			assertThat(second.name()).isEqualTo("done");
			assertThat(last(first)).isEqualTo(second);
		}
		assertThat(onlyJob().handedOut()).isEqualTo(1);
	}

	@Test
	void jobOfABrowserThatStaysAwayIsCanceled() {
		try (SseStream stream = this.sample.stream(STREAM, "prompt=HANG")) {
			stream.next();
		}
		awaitState("canceled");
	}

	@Test
	void jobIsNotCanceledWhileTheBrowserIsThere() {
		String jobId;
		try (SseStream first = this.sample.stream(STREAM, "prompt=HANG")) {
			jobId = first.next().id();
		}
		try (SseStream second = this.sample.reconnect(jobId, STREAM, "prompt=HANG")) {
			for (int i = 0; i < 50; i++) {
				assertThat(second.next().id()).isEqualTo(jobId);
			}
			assertThat(onlyJob().cancelRequests()).isZero();
		}
	}

	@Test
	void stopCancelsOnTheServer() {
		try (SseStream stream = this.sample.stream(STREAM, "prompt=HANG")) {
			String jobId = stream.next().id();
			HttpResponse<String> canceled = this.sample.post("/api/chat/cancel", "job_id=" + jobId);
			assertThat(canceled.statusCode()).isEqualTo(200);
			assertThat(canceled.body()).contains("\"job_state\":\"canceled\"");
			Event end = last(stream);
			assertThat(end.name()).isEqualTo("failure");
			assertThat(end.data().path("error").asString()).isEqualTo("canceled");
		}
		assertThat(onlyJob().state()).isEqualTo("canceled");
	}

	@Test
	void stopOfAnUnknownJobIsAFailure() {
		HttpResponse<String> answer = this.sample.post("/api/chat/cancel", "job_id=nobody's#1");
		assertThat(answer.statusCode()).isEqualTo(502);
		assertThat(answer.body()).contains("\"success\":false", "\"error_code\":402");
	}

	@Test
	void workersErrorIsAFailure() {
		Event end = last(this.sample.stream(STREAM, "prompt=Please FAIL"));
		assertThat(end.name()).isEqualTo("failure");
		assertThat(end.data().path("error").asString()).isEqualTo("CUDA out of memory");
		assertThat(end.data().path("error_code").isNull()).isTrue();
	}

	@Test
	void unknownEndpointIsAFailure() {
		Event end = last(this.sample.stream(STREAM, "prompt=Hello", "endpoint=nope"));
		assertThat(end.name()).isEqualTo("failure");
		assertThat(end.id()).isEmpty();
		assertThat(end.data().path("error_code").asInt()).isEqualTo(404);
	}

	@Test
	void unknownJobIsAFailure() {
		Event end = last(this.sample.reconnect("nobody's#1", STREAM, "prompt=Hello"));
		assertThat(end.name()).isEqualTo("failure");
		assertThat(end.data().path("error_code").asInt()).isEqualTo(402);
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void emptyPromptIsRefused() {
		assertRefused(this.sample.get(STREAM, "prompt= "), "prompt must not be blank");
	}

	@Test
	void missingPromptIsRefused() {
		assertRefused(this.sample.get(STREAM, "endpoint=nope"), "'prompt'");
	}

	@Test
	void promptThatIsTooLongIsRefused() {
		assertRefused(this.sample.get(STREAM, "prompt=" + "é".repeat(4001)), "prompt size must be between 0 and 4000");
	}

	@Test
	void endpointThatIsNoNameIsRefused() {
		assertRefused(this.sample.get(STREAM, "prompt=Hello", "endpoint=../x"), "not the name of an endpoint");
	}

	private void assertRefused(HttpResponse<String> response, String message) {
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(response.body()).startsWith("{\"success\":false,\"error\":\"").contains(message);
		assertThat(this.emulator.jobs()).isEmpty();
	}

	private Event firstDelta(SseStream stream) {
		List<Event> events = stream.until((event) -> event.name().equals("delta"));
		return events.get(events.size() - 1);
	}

	private Event last(SseStream stream) {
		List<Event> events = stream.all();
		return events.get(events.size() - 1);
	}

	private String deltas(List<Event> events) {
		return events.stream()
			.filter((event) -> event.name().equals("delta"))
			.map((event) -> event.data().path("text").asString())
			.collect(Collectors.joining());
	}

	private AkiEmulatorJob onlyJob() {
		assertThat(this.emulator.jobs()).hasSize(1);
		return this.emulator.jobs().get(0);
	}

	private void awaitState(String state) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(onlyJob().state()).isEqualTo(state));
	}

	private List<Object> contexts() {
		return this.emulator.requests()
			.stream()
			.map((request) -> request.params())
			.filter((params) -> params.containsKey("chat_context"))
			.map((Map<String, Object> params) -> params.get("chat_context"))
			.toList();
	}

}
