package io.aki.sample.instances;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.aki.sample.SampleClient;
import io.aki.sample.SseStream;
import io.aki.sample.SseStream.Event;
import io.aki.sample.TaskApi;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests two instances that share a PostgreSQL database. The emulator's clock advances
 * only when a test advances it. Therefore, a task remains unfinished for as long as a
 * test needs.
 */
@Tag("process")
@Timeout(240)
class TwoInstancesTests {

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().clock(this.clock).build();

	private final List<AutoCloseable> started = new ArrayList<>();

	private SampleInstance first;

	private SampleInstance second;

	@BeforeEach
	void start() throws Exception {
		PostgresServer server = PostgresServer.start().orElse(null);
		Assumptions.assumeTrue(server != null, "There is no PostgreSQL on this machine, and none that can be embedded");
		this.started.add(server);
		this.first = SampleInstance.start(this.emulator, server.properties());
		this.started.add(this.first);
		this.second = SampleInstance.start(this.emulator, server.properties());
		this.started.add(this.second);
		this.first.port();
		this.second.port();
	}

	@AfterEach
	void stop() throws Exception {
		for (int i = this.started.size() - 1; i >= 0; i--) {
			this.started.get(i).close();
		}
		this.emulator.close();
	}

	@Test
	void shareTasksAndThoseOfAKilledInstanceEndOnTheOther() throws Exception {
		doFiftyTasksOnce();
		endTheTasksOfTheKilled();
	}

	private void doFiftyTasksOnce() throws InterruptedException {
		for (int i = 0; i < 25; i++) {
			this.first.tasks().submitChat("Task " + i);
			this.second.tasks().submitChat("Task " + i);
		}
		TaskApi tasks = this.first.tasks();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.pollInterval(Duration.ofMillis(300))
			.until(() -> advance() && tasks.tasks().stream().allMatch((task) -> is(task, "completed")));
		assertThat(tasks.tasks()).hasSize(50).allMatch((task) -> task.path("attempts").asInt() == 1);
		assertThat(this.emulator.jobs()).hasSize(50).allMatch((job) -> job.handedOut() == 1);
	}

	private void endTheTasksOfTheKilled() throws Exception {
		List<String> ids = start("Killed");
		String file = upload("Notes about the sea");
		String answer = ask(file);
		SseStream stream = new SampleClient(this.second.port()).stream(answer + "/events");
		stream.until((event) -> !event.data().path("state").asString().equals("pending"));
		this.first.kill();
		TaskApi tasks = this.second.tasks();
		long killed = System.nanoTime();
		for (String id : ids) {
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> advance() && is(tasks.task(id), "completed"));
		}
		System.out
			.println("Ended on the other after " + Duration.ofNanos(System.nanoTime() - killed).toMillis() + " ms");
		this.clock.advance(Duration.ofMinutes(1));
		List<Event> events = stream.all();
		Event done = events.get(events.size() - 1);
		assertThat(done.name()).as("the answer of the chat ends on the other").isEqualTo("done");
		assertThat(done.data().path("text").asString()).isNotBlank();
		assertThat(new SampleClient(this.second.port()).get("/api/attachments/" + file).body())
			.isEqualTo("Notes about the sea");
		assertThat(this.emulator.jobs()).as("no job was started twice").hasSize(57);
		assertThat(this.emulator.jobs()).filteredOn((job) -> job.endpoint().equals("z_image_turbo"))
			.allMatch((job) -> job.handedOut() == 1 && job.cancelRequests() == 0);
	}

	/**
	 * Submit six images to the first instance, and wait until the ids of their jobs are
	 * known.
	 */
	private List<String> start(String prompt) throws InterruptedException {
		TaskApi tasks = this.first.tasks();
		List<String> ids = IntStream.range(0, 6)
			.mapToObj((number) -> tasks.submit("{\"endpoint\": \"z_image_turbo\", \"params\": {\"prompt\": \"" + prompt
					+ number + "\", \"width\": 128, \"height\": 128}}"))
			.toList();
		ids.forEach(tasks::awaitJob);
		return ids;
	}

	private String upload(String text) throws InterruptedException {
		return JsonMapper.shared()
			.readTree(new SampleClient(this.first.port())
				.postForm("/api/attachments", "notes.txt", Map.of("file", text.getBytes(StandardCharsets.UTF_8)))
				.body())
			.path("id")
			.asString();
	}

	/**
	 * Ask the first instance a question with a file.
	 * @return the path of the answer
	 */
	private String ask(String file) throws InterruptedException {
		JsonNode conversation = JsonMapper.shared()
			.readTree(new SampleClient(this.first.port())
				.postJson("/api/conversations",
						"{\"text\": \"Write a story about the sea\", \"attachments\": [\"" + file + "\"]}")
				.body());
		return "/api/conversations/" + conversation.path("id").asString() + "/messages/"
				+ conversation.path("messages").path(1).path("id").asString();
	}

	private boolean advance() {
		this.clock.advance(Duration.ofMillis(1500));
		return true;
	}

	private static boolean is(JsonNode task, String status) {
		return task.path("status").asString().equals(status);
	}

}
