package io.aki.readme;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.aki.client.AkiParameters;
import io.aki.client.AkiJob;
import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the README's snippets. {@code io.aki.docs.DocumentationTests} tests that the
 * README shows them.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class ReadmeTests {

	private static final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(50).build();

	private final AkiClient aki = AkiClient.builder()
		.apiServer(emulator.apiServer())
		.apiKey(emulator.apiKey())
		.endpoint("llama3_8b_chat")
		.build();

	@BeforeEach
	void reset() {
		emulator.reset();
	}

	@AfterAll
	static void stop() {
		emulator.close();
	}

	@Test
	void chat(CapturedOutput output) {
		// @formatter:off
		// tag::chat[]
		AkiResult result = aki.doApiRequest(AkiParameters.chat()
			.system("You are a comedian")
			.user("Tell me a joke")
			.maxGenTokens(200));
		System.out.println(result.orThrow().answer());
		// end::chat[]
		// @formatter:on
		assertThat(output.getOut()).contains(result.orThrow().text());
	}

	@Test
	void streaming(CapturedOutput output) {
		// @formatter:off
		// tag::streaming[]
		AkiJob job = aki.doApiRequestAsync(AkiParameters.chat().user("Write a short story"));
		try (Stream<String> text = job.text()) {
			text.forEach(System.out::print);
		}
		// end::streaming[]
		// @formatter:on
		assertThat(output.getOut()).contains(job.result().join().orThrow().answer());
	}

	@Test
	void image(@TempDir Path directory) throws IOException {
		// @formatter:off
		// tag::image[]
		AkiResult result = aki.forEndpoint("z_image_turbo").doApiRequest(
				AkiParameters.image("A cute robot on a beach").width(512).height(512));
		for (AkiBinary image : result.orThrow().binaries()) {
			image.writeTo(directory.resolve("image." + image.format()));
		}
		// end::image[]
		// @formatter:on
		assertThat(directory.resolve("image.jpeg")).binaryContent().startsWith(0xff, 0xd8);
	}

	@Test
	void background() {
		Task done = new Task("A cute robot on a beach");
		work(done);
		assertThat(done.state).isEqualTo("completed");
		assertThat(done.jobId).isEqualTo(emulator.jobs().get(0).id());
		Task canceled = new Task("HANG");
		canceled.canceled = true;
		work(canceled);
		assertThat(canceled.state).isEqualTo("failed: canceled");
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsExactly("done", "canceled");
	}

	private void work(Task task) {
		// @formatter:off
		// tag::background[]
		AkiResult result = aki.forEndpoint("z_image_turbo").doApiRequestAwait(
				AkiParameters.image(task.prompt()).width(1024).height(1024),
				(info, data) -> {
					task.update(info.jobId(), info.progress());
					if (task.isCanceled()) {
						aki.cancelRequest(info.jobId());
					}
				});
		if (result.success()) {
			task.complete(result.binaries());
		}
		else {
			task.fail(result.error());
		}
		// end::background[]
		// @formatter:on
	}

	@Test
	void secondClient() {
		try (AkiClient images = new Images().imageClient(this.aki.mutate())) {
			AkiResult result = images.doApiRequest(Map.of("prompt", "A hill", "width", 256, "height", 256));
			assertThat(result.orThrow().images()).hasSize(1);
		}
	}

	static class Images {

		// @formatter:off
		// tag::second-client[]
		@Bean(defaultCandidate = false)
		@Qualifier("images")
		AkiClient imageClient(AkiClient.Builder builder) {
			return builder.endpoint("z_image_turbo").readTimeout(Duration.ofMinutes(10)).build();
		}
		// end::second-client[]
		// @formatter:on

	}

	@Test
	void emulator() {
		// @formatter:off
		// tag::emulator[]
		try (AkiEmulator emulator = AkiEmulator.start()) {
			AkiClient aki = AkiClient.builder().apiServer(emulator.apiServer()).apiKey(emulator.apiKey())
					.endpoint("llama3_8b_chat").build();
			AkiResult result = aki.doApiRequest(AkiParameters.chat().user("Hello"));
			assertThat(result.orThrow().answer()).contains("emulator");
			assertThat(emulator.requests()).hasSize(1);
		}
		// end::emulator[]
		// @formatter:on
	}

	static final class Task {

		private final String prompt;

		private boolean canceled;

		private String jobId;

		private String state = "pending";

		Task(String prompt) {
			this.prompt = prompt;
		}

		String prompt() {
			return this.prompt;
		}

		void update(String jobId, double progress) {
			this.jobId = jobId;
			this.state = "running " + progress;
		}

		boolean isCanceled() {
			return this.canceled;
		}

		void complete(List<AkiBinary> binaries) {
			assertThat(binaries).hasSize(1);
			this.state = "completed";
		}

		void fail(String error) {
			this.state = "failed: " + error;
		}

	}

}
