package io.aki.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.aki.spring.boot.test.AkiEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that one instance processes 200 tasks and 20 chats that are submitted at the same
 * time.
 */
@Tag("process")
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "AKI_API_KEY=", "aki.io.api-key=", "aki.io.emulator.pace=200" })
class LoadTests {

	private static final int TASKS = 200;

	private static final int CHATS = 20;

	@Test
	void nothingIsLostAndThePageStaysQuick(@Autowired AkiEmulator emulator, @LocalServerPort int port)
			throws Exception {
		TaskApi tasks = new TaskApi(port);
		SampleClient sample = new SampleClient(port);
		sample.get("/tasks");
		ExecutorService users = Executors.newFixedThreadPool(20);
		ExecutorService readers = Executors.newFixedThreadPool(CHATS);
		long start = System.nanoTime();
		List<Future<String>> chats = IntStream.range(0, CHATS)
			.mapToObj((number) -> readers.submit(() -> chat(new SampleClient(port))))
			.toList();
		List<Future<String>> submitted = new ArrayList<>();
		ConcurrentLinkedQueue<Long> submits = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < TASKS; i++) {
			String prompt = "Task " + i;
			submitted.add(users.submit(() -> {
				long before = System.nanoTime();
				String id = tasks.submitChat(prompt);
				submits.add(System.nanoTime() - before);
				return id;
			}));
		}
		List<Long> pages = new ArrayList<>();
		List<Integer> sizes = new ArrayList<>();
		Awaitility.await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200)).until(() -> {
			long before = System.nanoTime();
			HttpResponse<String> page = sample.get("/tasks");
			assertThat(page.statusCode()).isEqualTo(200);
			sizes.add(page.body().length());
			pages.add(System.nanoTime() - before);
			return submits.size() == TASKS && tasks.tasks()
				.stream()
				.map((task) -> task.path("status").asString())
				.allMatch((status) -> status.equals("completed") || status.equals("failed"));
		});
		long end = System.nanoTime();
		users.shutdown();
		readers.shutdown();
		int streamed = 0;
		for (Future<String> chat : chats) {
			assertThat(chat.get()).contains("event:done");
			streamed += chat.get().length();
		}
		List<String> ids = new ArrayList<>();
		for (Future<String> id : submitted) {
			ids.add(id.get());
		}
		System.out.printf(
				"%d tasks and %d chats in %d ms; submit: median %d ms; page: median %d ms, longest %d ms, %d characters;"
						+ " stream of an answer: %d characters%n",
				TASKS, CHATS, (end - start) / 1_000_000, median(submits), median(pages),
				pages.stream().max(Long::compare).orElse(0L) / 1_000_000,
				sizes.stream().max(Integer::compare).orElse(0), streamed / CHATS);
		List<JsonNode> submittedTasks = tasks.tasks()
			.stream()
			.filter((task) -> ids.contains(task.path("task_id").asString()))
			.toList();
		assertThat(tasks.tasks()).hasSize(TASKS + CHATS);
		assertThat(submittedTasks).hasSize(TASKS)
			.allMatch((task) -> task.path("status").asString().equals("completed"))
			.extracting((JsonNode task) -> task.path("task_id").asString())
			.containsExactlyInAnyOrderElementsOf(ids);
		assertThat(emulator.jobs()).hasSize(TASKS + CHATS).allMatch((job) -> job.handedOut() == 1);
		assertThat(pages).as("the page answered while the tasks were being done").hasSizeGreaterThan(1);
	}

	/**
	 * Ask a question, and return the events of its answer.
	 */
	private static String chat(SampleClient user) {
		JsonNode conversation = JsonMapper.shared()
			.readTree(user.postJson("/api/conversations", "{\"text\": \"Write a story about the sea\"}").body());
		return user
			.get("/api/conversations/" + conversation.path("id").asString() + "/messages/"
					+ conversation.path("messages").path(1).path("id").asString() + "/events")
			.body();
	}

	private static long median(Iterable<Long> nanos) {
		List<Long> sorted = new ArrayList<>();
		nanos.forEach(sorted::add);
		sorted.sort(null);
		return sorted.get(sorted.size() / 2) / 1_000_000;
	}

}
