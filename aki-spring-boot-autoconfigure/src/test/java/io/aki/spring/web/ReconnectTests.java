package io.aki.spring.web;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.web.WebApplication.Event;
import io.aki.spring.web.WebApplication.EventReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for event streams whose clients reconnect to the same or to another instance of
 * the application.
 */
@ParameterizedClass
@EnumSource(names = { "TOMCAT", "NETTY" })
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReconnectTests {

	private static final String ANSWER = "A long answer that comes in pieces. ".repeat(20).strip();

	private static final String SECRET = "aki.io.web.token-secret=a secret of all instances";

	private static final String PATH = "/reconnectable?owner=alice";

	@Parameter
	WebStack stack;

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).clock(this.clock).build();

	private final List<WebApplication> instances = new ArrayList<>();

	@AfterEach
	void stop() {
		this.instances.forEach(WebApplication::close);
		this.emulator.close();
	}

	private WebApplication start(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		// WebFlux disconnects a client that does not read for two heartbeats
		all.add("aki.io.web.heartbeat=1s");
		WebApplication instance = this.stack.start(TestApplication.class, this.emulator, all.toArray(String[]::new));
		this.instances.add(instance);
		return instance;
	}

	private static void await(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new IllegalStateException("It did not happen");
			}
			Thread.onSpinWait();
		}
	}

	/**
	 * Read the events until the first piece of the answer.
	 */
	private List<Event> readSome(EventReader reader) throws Exception {
		List<Event> events = new ArrayList<>();
		events.add(reader.next());
		this.clock.advance(Duration.ofSeconds(1));
		while (!events.get(events.size() - 1).name().equals("delta")) {
			events.add(reader.next());
		}
		return events;
	}

	private List<Event> readRest(EventReader reader) throws Exception {
		this.clock.advance(Duration.ofMinutes(1));
		return reader.all();
	}

	private static String lastId(List<Event> events) {
		return String.valueOf(events.get(events.size() - 1).id());
	}

	private static String text(List<Event> events) {
		return events.stream()
			.filter((event) -> event.name().equals("delta"))
			.map(Event::text)
			.collect(Collectors.joining());
	}

	private static void assertDone(List<Event> events) {
		assertThat(events.get(events.size() - 1).name()).isEqualTo("done");
	}

	@Test
	void clientContinuesWhereItWasCutOff() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication application = start();
		List<Event> first;
		try (EventReader reader = application.open(PATH)) {
			first = readSome(reader);
		}
		assertThat(lastId(first)).isNotEqualTo("null").doesNotContain(this.emulator.jobs().get(0).id());
		try (EventReader reader = application.open(PATH, "Last-Event-ID", lastId(first))) {
			List<Event> rest = readRest(reader);
			assertDone(rest);
			assertThat(text(first) + text(rest)).isEqualTo(ANSWER);
		}
		assertThat(this.emulator.jobs()).hasSize(1);
		assertThat(this.emulator.jobs().get(0).cancelRequests()).isZero();
	}

	@Test
	void clientThatLostTheEndGetsIt() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication application = start();
		List<Event> first;
		try (EventReader reader = application.open(PATH)) {
			first = readSome(reader);
			assertDone(readRest(reader));
		}
		try (EventReader reader = application.open(PATH, "Last-Event-ID", lastId(first))) {
			List<Event> rest = reader.all();
			assertDone(rest);
			assertThat(text(first) + text(rest)).isEqualTo(ANSWER);
		}
	}

	@Test
	void twoClientsReadTheSameJob() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication application = start();
		try (EventReader one = application.open(PATH)) {
			List<Event> first = readSome(one);
			try (EventReader other = application.open(PATH, "Last-Event-ID", lastId(first.subList(0, 1)))) {
				assertThat(text(readRest(other))).isEqualTo(ANSWER);
			}
			assertThat(text(first) + text(one.all())).isEqualTo(ANSWER);
		}
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void jobIsCanceledIfNoClientReconnectsInTime() throws Exception {
		WebApplication application = start("aki.io.web.reconnect-timeout=50ms");
		try (EventReader reader = application.open(PATH)) {
			assertThat(reader.next()).isNotNull();
		}
		await(() -> this.emulator.jobs().get(0).state().equals("canceled"));
	}

	@Test
	void idOfAnotherOwnerOrEndpointIsForbidden() throws Exception {
		WebApplication application = start();
		try (EventReader reader = application.open(PATH)) {
			String id = lastId(List.of(reader.next()));
			assertForbidden(application.post("/reconnectable?owner=bob", "Last-Event-ID", id));
			assertForbidden(application.post(PATH + "&endpoint=other_chat", "Last-Event-ID", id));
			assertForbidden(
					application.post(PATH, "Last-Event-ID", (id.startsWith("A") ? "B" : "A") + id.substring(1)));
			assertForbidden(application.post(PATH, "Last-Event-ID", this.emulator.jobs().get(0).id()));
			assertForbidden(start().post(PATH, "Last-Event-ID", id));
		}
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	private static void assertForbidden(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
		assertThat(response.body()).contains("urn:problem-type:aki:invalid-event-id");
	}

	@Test
	void anotherInstanceContinuesAndTheFirstDoesNotCancel() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication first = start(SECRET, "aki.io.web.reconnect-timeout=50ms");
		WebApplication second = start(SECRET);
		List<Event> head;
		try (EventReader reader = first.open(PATH)) {
			head = readSome(reader);
		}
		try (EventReader reader = second.open(PATH, "Last-Event-ID", lastId(head))) {
			assertThat(reader.next()).isNotNull();
			// only the second instance follows the job now
			await(() -> activeJobs(first) == 0);
			List<Event> rest = readRest(reader);
			assertDone(rest);
			assertThat(text(head) + text(rest)).isEqualTo(ANSWER);
		}
		assertThat(this.emulator.jobs()).hasSize(1);
		assertThat(this.emulator.jobs().get(0).cancelRequests()).isZero();
	}

	@Test
	void restartedInstanceContinues() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication first = start(SECRET);
		List<Event> head;
		try (EventReader reader = first.open(PATH)) {
			head = readSome(reader);
		}
		await(() -> activeJobs(first) == 0);
		first.close();
		try (EventReader reader = start(SECRET).open(PATH, "Last-Event-ID", lastId(head))) {
			List<Event> rest = readRest(reader);
			assertDone(rest);
			assertThat(text(head) + text(rest)).isEqualTo(ANSWER);
		}
		assertThat(this.emulator.jobs().get(0).cancelRequests()).isZero();
	}

	@Test
	void sameInstanceContinuesWithASharedSecret() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication application = start(SECRET);
		List<Event> head;
		try (EventReader reader = application.open(PATH)) {
			head = readSome(reader);
		}
		await(() -> activeJobs(application) == 0);
		try (EventReader reader = application.open(PATH, "Last-Event-ID", lastId(head))) {
			assertThat(text(head) + text(readRest(reader))).isEqualTo(ANSWER);
		}
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@RepeatedTest(3)
	void instanceThatStopsWithAConnectedClientDoesNotCancel() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication first = start(SECRET, "server.shutdown=graceful",
				"spring.lifecycle.timeout-per-shutdown-phase=100ms");
		List<Event> head;
		try (EventReader reader = first.open(PATH)) {
			head = readSome(reader);
			first.close();
		}
		try (EventReader reader = start(SECRET).open(PATH, "Last-Event-ID", lastId(head))) {
			assertThat(text(head) + text(readRest(reader))).isEqualTo(ANSWER);
		}
		assertThat(this.emulator.jobs().get(0).cancelRequests()).isZero();
	}

	@Test
	void clientContinuesAfterAnOutageOfTheServer() throws Exception {
		this.emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		WebApplication application = start("aki.io.outage-timeout=200ms");
		List<Event> head;
		try (EventReader reader = application.open(PATH)) {
			head = readSome(reader);
			this.emulator.refuseConnections(true);
			List<Event> rest = reader.all();
			assertThat(rest.get(rest.size() - 1).name()).isEqualTo("failure");
		}
		this.emulator.refuseConnections(false);
		try (EventReader reader = application.open(PATH, "Last-Event-ID", lastId(head))) {
			assertThat(text(head) + text(readRest(reader))).isEqualTo(ANSWER);
		}
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	private static int activeJobs(WebApplication application) {
		return application.context().getBean(AkiClient.class).activity().jobsFollowed();
	}

}
