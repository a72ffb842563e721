package io.aki.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs many jobs on a server that fails a fifth of all exchanges. Every job ends, and the
 * jobs of the server match the results of the client.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SoakTests {

	private static final int JOBS = 2000;

	private static final int AT_ONCE = 100;

	@Test
	void everyJobEndsIsStartedOnceAndIsNotLostWithoutAFailure() {
		try (AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(50).workers("llama3_8b_chat", AT_ONCE).build();
				AkiClient client = AkiClient.builder()
					.apiServer(emulator.apiServer())
					.apiKey(emulator.apiKey())
					.endpoint("llama3_8b_chat")
					.progressInterval(Duration.ofMillis(10))
					.outageTimeout(Duration.ofSeconds(30))
					.retry(new AkiRetryPolicy(10, Duration.ofMillis(5), 2, Duration.ofMillis(50)))
					.build()) {
			emulator.faults()
				.atRandom(7, 0.2, AkiEmulatorFault.reset().beforeReading(), AkiEmulatorFault.reset(),
						AkiEmulatorFault.truncatedBody(), AkiEmulatorFault.html(502), AkiEmulatorFault.status(503),
						AkiEmulatorFault.status(429).retryAfter(Duration.ofSeconds(1)), AkiEmulatorFault.status(500),
						AkiEmulatorFault.empty(200), AkiEmulatorFault.wrongContentType(), AkiEmulatorFault.loseResult(),
						AkiEmulatorFault.workerError("CUDA out of memory"));
			List<AkiResult> results = new ArrayList<>();
			for (int batch = 0; batch < JOBS / AT_ONCE; batch++) {
				List<AkiJob> jobs = new ArrayList<>();
				for (int i = 0; i < AT_ONCE; i++) {
					jobs.add(client
						.doApiRequestAsync(Map.of("prompt_input", batch + "/" + i, "max_gen_tokens", 5 + i % 20)));
				}
				jobs.forEach((job) -> results.add(job.result().join()));
			}
			assertThat(emulator.faults().count()).as("applied faults").isGreaterThan(JOBS / 4);
			assertBooksAgree(emulator, results);
		}
	}

	private static void assertBooksAgree(AkiEmulator emulator, List<AkiResult> results) {
		assertThat(results).hasSize(JOBS);
		List<String> prompts = emulator.requests()
			.stream()
			.filter((request) -> request.path().startsWith("/api/call/"))
			.map((request) -> String.valueOf(request.body().get("prompt_input")))
			.toList();
		List<AkiEmulatorJob> started = emulator.jobs();
		assertThat(started).as("a job for each request at most").hasSizeLessThanOrEqualTo(JOBS);
		assertThat(new HashSet<>(prompts)).hasSizeLessThanOrEqualTo(JOBS);
		Set<String> successful = new HashSet<>();
		for (AkiResult result : results) {
			if (result.success()) {
				assertThat(result.text()).isNotBlank();
				assertThat(successful.add(result.jobId())).as("one result for each job").isTrue();
			}
			else {
				assertThat(result.error()).isNotBlank();
			}
		}
		Set<String> failed = new HashSet<>();
		results.stream()
			.filter((result) -> !result.success() && result.jobId() != null)
			.forEach((result) -> failed.add(result.jobId()));
		long unknown = results.stream().filter((result) -> !result.success() && result.jobId() == null).count();
		assertThat(started.stream().filter((job) -> !successful.contains(job.id()) && !failed.contains(job.id())))
			.as("jobs that the client does not know of come from starts that it reported as failed")
			.hasSizeLessThanOrEqualTo((int) unknown);
		assertThat(started.stream().filter((job) -> successful.contains(job.id())))
			.allSatisfy((job) -> assertThat(job.state()).isEqualTo("done"));
		assertThat(successful).as("most jobs succeed all the same").hasSizeGreaterThan(JOBS / 2);
	}

}
