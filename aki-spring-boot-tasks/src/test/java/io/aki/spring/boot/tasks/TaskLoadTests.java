package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.aki.client.AkiParameters;
import io.aki.spring.boot.test.AkiEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests one instance with 2,000 running tasks on PostgreSQL, and prints what it needs.
 * The instance has a heap of 256 MB, and 8 threads for the polls. By default the client
 * uses more threads while its server is slow.
 */
@Tag("process")
@Timeout(300)
class TaskLoadTests {

	private static final String CHAT = "llama3_8b_chat";

	private static final int TASKS = 2000;

	private static final int CALLERS = 8;

	@Test
	void twoThousandTasksOnOneInstance() throws Exception {
		try (PostgresServer server = PostgresServer.create();
				AkiEmulator emulator = AkiEmulator.builder().workers(CHAT, TASKS).pace(0.02).build();
				ConfigurableApplicationContext context = context(server, emulator, "aki.io.tasks.execute=false");
				TaskInstance instance = TaskInstance.start(List.of(),
						properties(server, emulator, "aki.io.tasks.max-running-per-endpoint=" + TASKS,
								"aki.io.concurrency.poll-threads=8", "aki.io.concurrency.callback-threads=4"))) {
			instance.awaitReady();
			AkiTasks tasks = context.getBean(AkiTasks.class);
			long start = System.nanoTime();
			submit(tasks);
			double seconds = (System.nanoTime() - start) / 1e9;
			Awaitility.await()
				.atMost(Duration.ofSeconds(120))
				.pollInterval(Duration.ofMillis(500))
				.until(() -> emulator.jobs().size() == TASKS && tasks.counts().get(AkiTaskState.PENDING) == 0);
			long[] before = instance.statistics();
			Thread.sleep(10_000);
			long[] after = instance.statistics();
			System.out.printf(
					"FIGURES %d running tasks on one instance: submitted %.0f/s by %d callers, %d threads,"
							+ " %d MB of heap used, %.2f database writes per task and second%n",
					TASKS, TASKS / seconds, CALLERS, after[0], after[1], (after[2] - before[2]) / 10.0 / TASKS);
			assertThat(after[0]).as("threads").isLessThanOrEqualTo(40);
			assertThat(emulator.jobs()).hasSize(TASKS);
			assertThat(tasks.counts().get(AkiTaskState.FAILED)).isZero();
		}
	}

	private static void submit(AkiTasks tasks) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		List<Future<String>> submitted = new ArrayList<>();
		for (int i = 0; i < TASKS; i++) {
			AkiTaskRequest request = AkiTaskRequest.of(CHAT, AkiParameters.chat().user("Write story " + i));
			submitted.add(callers.submit(() -> tasks.submit(request)));
		}
		for (Future<String> id : submitted) {
			id.get();
		}
		callers.shutdown();
	}

	private static String[] properties(PostgresServer server, AkiEmulator emulator, String... more) {
		return Stream
			.of(server.properties(),
					new String[] { "aki.io.api-server=" + emulator.apiServer(), "aki.io.api-key=" + emulator.apiKey() },
					more)
			.flatMap(Stream::of)
			.toArray(String[]::new);
	}

	private static ConfigurableApplicationContext context(PostgresServer server, AkiEmulator emulator, String... more) {
		return new SpringApplicationBuilder(TaskInstance.Main.class).web(WebApplicationType.NONE)
			.run(Stream.of(properties(server, emulator, more))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
	}

}
