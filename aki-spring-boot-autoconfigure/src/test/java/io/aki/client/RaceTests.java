package io.aki.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls all operations of one client from 200 threads at the same time.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RaceTests {

	private static final int THREADS = 200;

	private static final int CALLS_PER_THREAD = 4;

	private static final int RESULTS_BEFORE_CLOSING = 20;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void everyCallEndsAndNoJobIsLeftRunning(long seed) throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder()
			.seed(seed)
			.pace(100)
			.workers("llama3_8b_chat", 50)
			.workers("xttsv2", 50)
			.build()) {
			AkiClient client = AkiClient.builder()
				.apiServer(emulator.apiServer())
				.apiKey(emulator.apiKey())
				.endpoint("llama3_8b_chat")
				.progressInterval(Duration.ofMillis(5))
				.build();
			Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
			Queue<AkiJob> jobs = new ConcurrentLinkedQueue<>();
			AtomicInteger results = new AtomicInteger();
			CountDownLatch ready = new CountDownLatch(THREADS);
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				Random random = new Random(seed * THREADS + i);
				boolean closes = i == THREADS - 1;
				threads.add(new Thread(() -> {
					ready.countDown();
					try {
						ready.await();
						for (int call = 0; call < CALLS_PER_THREAD; call++) {
							act(client, random, jobs, results);
						}
						if (closes) {
							while (results.get() < RESULTS_BEFORE_CLOSING) {
								Thread.onSpinWait();
							}
							client.close();
						}
					}
					catch (IllegalStateException ex) {
						if (!String.valueOf(ex.getMessage()).contains("closed")) {
							unexpected.add(ex);
						}
					}
					catch (Throwable ex) {
						unexpected.add(ex);
					}
				}));
			}
			threads.forEach(Thread::start);
			for (Thread thread : threads) {
				thread.join();
			}
			client.close();
			assertThat(unexpected).isEmpty();
			assertThat(results.get()).isGreaterThanOrEqualTo(RESULTS_BEFORE_CLOSING);
			// a job that has just ended when the client is closed sets its result in its
			// own thread
			for (AkiJob job : jobs) {
				job.result().handle((result, failure) -> true).get(10, TimeUnit.SECONDS);
			}
			assertThat(emulator.jobs()).isNotEmpty();
			assertThat(emulator.jobs()).filteredOn((job) -> !Set.of("done", "canceled").contains(job.state()))
				.isEmpty();
			awaitNoThread();
		}
	}

	private static void act(AkiClient client, Random random, Queue<AkiJob> jobs, AtomicInteger results) {
		Map<String, Object> chat = Map.of("prompt_input", "Tell me a joke", "max_gen_tokens", 5 + random.nextInt(40));
		switch (random.nextInt(9)) {
			case 0 -> count(client.doApiRequest(chat), results);
			case 1 -> count(client.doApiRequestAwait(chat), results);
			case 2 -> count(client.doApiRequest(chat, (info, data) -> {
				client.appendProgressInputParams(info.jobId(), Map.of("hint", random.nextInt()));
				if (random.nextInt(3) == 0) {
					client.cancelRequest(info.jobId());
				}
			}), results);
			case 3 -> jobs.add(client.doApiRequestAsync(chat));
			case 4 -> {
				AkiJob job = client.doApiRequestAsync(chat);
				jobs.add(job);
				job.result().cancel(true);
			}
			case 5 -> {
				AkiJob job = client.forEndpoint("xttsv2").doApiRequestAsync(Map.of("text", "Hello"));
				jobs.add(job);
				try (var progress = job.progress()) {
					progress.findFirst();
				}
			}
			case 6 -> {
				AkiJob job = jobs.peek();
				if (job != null && job.jobId() != null) {
					client.forEndpoint("llama3_8b_chat").cancelRequest(job.jobId());
				}
			}
			case 7 -> client.setApiKey("test-key");
			default -> {
				if (random.nextInt(20) == 0) {
					client.cancelRequest();
				}
				count(client.mutate().build().doApiRequestAwait(chat), results);
			}
		}
	}

	private static void count(AkiResult result, AtomicInteger results) {
		if (result.success()) {
			results.incrementAndGet();
		}
		else {
			assertThat(result.error()).isNotBlank();
		}
	}

	private static void awaitNoThread() {
		while (Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch((thread) -> thread.isAlive() && thread.getName().startsWith("aki-client-"))) {
			Thread.onSpinWait();
		}
	}

}
