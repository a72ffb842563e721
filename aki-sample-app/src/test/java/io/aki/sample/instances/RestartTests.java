package io.aki.sample.instances;

import java.nio.file.Path;
import java.time.Duration;

import io.aki.sample.TaskApi;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what happens to the tasks of one instance when the instance ends and is started
 * again. The database is stored in a file.
 */
@Tag("process")
@Timeout(180)
class RestartTests {

	@TempDir
	Path directory;

	private final AkiEmulator emulator = AkiEmulator.builder().build();

	@AfterEach
	void stop() {
		this.emulator.close();
	}

	@Test
	void tasksOfAKilledInstanceContinueUnlessTheyMayHaveBeenPaidFor() throws Exception {
		String followed;
		String unknown;
		try (SampleInstance first = start()) {
			TaskApi tasks = first.tasks();
			followed = tasks.submit("{\"endpoint\": \"z_image_turbo\", \"params\": {\"prompt\": \"A hill\"}}");
			tasks.awaitJob(followed);
			this.emulator.faults().add(AkiEmulatorFault.stalled().afterReading().onPhase(AkiEmulatorFault.Phase.START));
			unknown = tasks.submitChat("Write a story");
			awaitJobs(2);
			first.kill();
		}
		try (SampleInstance second = start()) {
			TaskApi tasks = second.tasks();
			JsonNode completed = tasks.await(followed, "completed");
			assertThat(completed.path("attempts").asInt()).isEqualTo(2);
			assertThat(completed.path("result").path("images")).hasSize(1);
			assertThat(tasks.await(unknown, "failed").path("error").asString()).contains("paid for");
			assertThat(this.emulator.jobs()).as("each was started once").hasSize(2);
			assertOneResult(completed);
		}
	}

	@Test
	void tasksOfAStoppedInstanceContinueAtOnce() throws Exception {
		String id;
		try (SampleInstance first = start("aki.io.tasks.heartbeat=1m")) {
			TaskApi tasks = first.tasks();
			id = tasks.submitChat("Write a story");
			tasks.awaitJob(id);
			first.stop();
		}
		try (SampleInstance second = start("aki.io.tasks.heartbeat=1m")) {
			JsonNode completed = second.tasks().await(id, "completed");
			assertThat(completed.path("result").path("text").asString()).isNotBlank();
			assertThat(this.emulator.jobs()).hasSize(1);
			assertOneResult(completed);
		}
	}

	private void assertOneResult(JsonNode task) {
		AkiEmulatorJob job = job(task.path("job_id").asString());
		assertThat(job.handedOut()).isEqualTo(1);
		assertThat(job.cancelRequests()).isZero();
	}

	private SampleInstance start(String... more) throws Exception {
		String[] properties = new String[more.length + 1];
		properties[0] = "spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("sample")
				+ ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
		System.arraycopy(more, 0, properties, 1, more.length);
		return SampleInstance.start(this.emulator, properties);
	}

	private void awaitJobs(int count) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(this.emulator.jobs()).hasSize(count));
	}

	private AkiEmulatorJob job(String id) {
		return this.emulator.jobs().stream().filter((job) -> job.id().equals(id)).findFirst().orElseThrow();
	}

}
