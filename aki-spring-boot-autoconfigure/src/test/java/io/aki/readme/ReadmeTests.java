package io.aki.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.client.AkiTextStream;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.GetMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the README's snippets, and checks that they are the ones that it shows.
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
		// snippet: chat
		AkiResult result = aki.doApiRequest(Map.of(
				"chat_context", List.of(Map.of("role", "user", "content", "Tell me a joke")),
				"max_gen_tokens", 200));
		if (result.success()) {
			System.out.println(result.text());
		}
		// end
		// @formatter:on
		assertThat(output.getOut()).contains(result.orThrow().text());
	}

	@Test
	void streaming(CapturedOutput output) {
		// @formatter:off
		// snippet: streaming
		AkiTextStream text = new AkiTextStream(System.out::print);
		AkiResult result = text.finish(aki.doApiRequest(Map.of(
				"chat_context", List.of(Map.of("role", "user", "content", "Write a short story"))), text));
		// end
		// @formatter:on
		assertThat(output.getOut()).contains(result.orThrow().text());
	}

	@Test
	void image(@TempDir Path directory) throws IOException {
		// @formatter:off
		// snippet: image
		AkiResult result = aki.forEndpoint("z_image_turbo").doApiRequest(Map.of(
				"prompt", "A cute robot on a beach", "width", 512, "height", 512));
		for (AkiBinary image : result.orThrow().binaries()) {
			image.writeTo(directory.resolve("image." + image.format()));
		}
		// end
		// @formatter:on
		assertThat(directory.resolve("image.jpeg")).binaryContent().startsWith(0xff, 0xd8);
	}

	@Test
	void async() {
		assertThat(new JokeController(this.aki).joke().join().orThrow().text()).isNotEmpty();
	}

	static class JokeController {

		private final AkiClient aki;

		JokeController(AkiClient aki) {
			this.aki = aki;
		}

		// @formatter:off
		// snippet: async
		@GetMapping("/joke")
		CompletableFuture<AkiResult> joke() {
			return this.aki.doApiRequestAsync(Map.of("prompt_input", "Tell me a joke")).result();
		}
		// end
		// @formatter:on

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
		// snippet: background
		AkiResult result = aki.forEndpoint("z_image_turbo").doApiRequestAwait(
				Map.of("prompt", task.prompt(), "width", 1024, "height", 1024),
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
		// end
		// @formatter:on
	}

	@Test
	void theReadmeShowsTheseSnippets() throws IOException {
		String readme = Files.readString(Path.of("..", "README.md"));
		String source = Files.readString(Path.of("src/test/java/io/aki/readme/ReadmeTests.java"));
		Map<String, String> shown = snippets(readme, "<!-- snippet: (\\w+) -->\\n```java\\n(.*?)```");
		Map<String, String> run = snippets(source, "// snippet: (\\w+)\\n(.*?)\\n\\s*// end");
		assertThat(shown).hasSize(5).isEqualTo(run);
	}

	private static Map<String, String> snippets(String text, String pattern) {
		Map<String, String> snippets = new LinkedHashMap<>();
		Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
		while (matcher.find()) {
			snippets.put(matcher.group(1), matcher.group(2).stripIndent().strip());
		}
		return snippets;
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
