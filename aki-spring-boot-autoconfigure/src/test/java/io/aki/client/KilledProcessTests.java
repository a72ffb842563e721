package io.aki.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a job survives the end of its process: if the process is killed during the
 * job, another process resumes the job and gets its result.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KilledProcessTests {

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).clock(this.clock).build();

	@AfterEach
	void stop() {
		this.emulator.close();
	}

	@Test
	void aSecondProcessResumesTheJobOfAKilledOne() throws Exception {
		String jobId;
		Process killed = start("start");
		try (BufferedReader lines = linesOf(killed)) {
			jobId = lines.readLine();
			assertThat(jobId).contains("#");
			this.clock.advance(Duration.ofMillis(500));
			assertThat(lines.readLine()).as("partial text").isNotBlank();
		}
		finally {
			killed.destroyForcibly();
		}
		assertThat(killed.waitFor()).as("killed by SIGKILL").isEqualTo(128 + 9);
		assertThat(this.emulator.jobs()).singleElement()
			.extracting(AkiEmulatorJob::state)
			.as("the job goes on")
			.isEqualTo("processing");
		this.clock.advance(Duration.ofMinutes(1));
		Process second = start("resume", jobId);
		try (BufferedReader lines = linesOf(second)) {
			assertThat(lines.readLine()).isEqualTo("true");
			assertThat(lines.readLine()).isNotBlank();
		}
		assertThat(second.waitFor()).isZero();
		assertThat(this.emulator.jobs()).singleElement().satisfies((job) -> assertThat(job.handedOut()).isEqualTo(1));
	}

	private Process start(String... args) throws IOException {
		List<String> command = new java.util.ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto", "-cp",
						System.getProperty("java.class.path"), Worker.class.getName(), this.emulator.apiServer()));
		command.addAll(List.of(args));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
	}

	private static BufferedReader linesOf(Process process) {
		return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	/**
	 * The main class of the process. It starts a job and prints its id and its first
	 * text, or it resumes a job and prints its outcome.
	 */
	static final class Worker {

		private Worker() {
		}

		public static void main(String[] args) {
			AkiClient aki = AkiClient.builder()
				.apiServer(args[0])
				.apiKey("test-key")
				.endpoint("llama3_8b_chat")
				.progressInterval(Duration.ofMillis(20))
				.build();
			if (args[1].equals("start")) {
				boolean[] told = new boolean[2];
				aki.doApiRequest(Map.of("prompt_input", "Write a story"), (info, data) -> {
					if (!told[0]) {
						told[0] = true;
						System.out.println(info.jobId());
					}
					else if (!told[1] && data != null && data.text() != null && !data.text().isBlank()) {
						told[1] = true;
						System.out.println(data.text().lines().findFirst().orElseThrow());
					}
				});
			}
			else {
				AkiResult result = aki.resume(args[2]).result().join();
				System.out.println(result.success());
				System.out.println(result.text());
				aki.close();
			}
		}

	}

}
