package io.aki.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.aki.client.AkiToolCall;
import io.aki.client.AkiParameters;
import io.aki.client.AkiBinary;
import io.aki.client.AkiClient;
import io.aki.client.AkiException;
import io.aki.client.AkiJob;
import io.aki.client.AkiJobState;
import io.aki.client.AkiProgress;
import io.aki.client.AkiRateLimitException;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Runs the guide's snippets.
 */
@Timeout(60)
class GuideTests {

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
	void failures() {
		AkiResult canceled = answer(aki.forEndpoint("z_image_turbo"));
		assertThat(canceled.success()).isTrue();
	}

	private AkiResult answer(AkiClient aki) {
		// @formatter:off
		// tag::failures[]
		try {
			return aki.doApiRequest(AkiParameters.image("A lighthouse")).orThrow();
		}
		catch (AkiRateLimitException ex) {
			throw new BusyException("Please try again in a minute", ex);
		}
		catch (AkiException ex) {
			throw new ImageException(ex.getMessage(), ex);
		}
		// end::failures[]
		// @formatter:on
	}

	@Test
	void speech(@TempDir Path directory) throws IOException {
		// @formatter:off
		// tag::speech[]
		AkiResult result = aki.forEndpoint("xttsv2").doApiRequest(
				AkiParameters.speech("Good morning!").language("en").voice("emma"));
		AkiBinary audio = result.orThrow().binaries().get(0);
		audio.writeTo(directory.resolve("morning." + audio.format()));
		// end::speech[]
		// @formatter:on
		try (Stream<Path> files = Files.list(directory)) {
			assertThat(files).singleElement().satisfies((file) -> assertThat(file).isNotEmptyFile());
		}
	}

	@Test
	void vision(@TempDir Path directory) throws IOException {
		Path photo = directory.resolve("photo.png");
		Files.write(photo, Base64.getDecoder()
			.decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
		// @formatter:off
		// tag::vision[]
		AkiResult result = aki.forEndpoint("qwen_image_edit").doApiRequest(
				AkiParameters.image("Make it night").image(photo));
		// end::vision[]
		// @formatter:on
		assertThat(result.orThrow().images()).hasSize(1);
	}

	@Test
	void visionChat() {
		byte[] photo = Base64.getDecoder()
			.decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
		try (AkiEmulator emulator = AkiEmulator.builder()
			.endpoint(AkiEmulatorEndpoint.chat("vision_chat").media("image"))
			.build(); AkiClient aki = this.aki.mutate().apiServer(emulator.apiServer()).build()) {
			// @formatter:off
			// tag::vision-chat[]
			AkiResult result = aki.forEndpoint("vision_chat").doApiRequest(
					AkiParameters.chat().user("What does this photo show?", photo));
			// end::vision-chat[]
			// @formatter:on
			assertThat(result.orThrow().answer()).isNotBlank();
			assertThat(emulator.lastCall().params().get("chat_context")).asString()
				.contains("{\"type\":\"image\",\"image\":\"data:image/png;base64,");
			assertThat(aki.getEndpointDetails("vision_chat").parameterDescription()).extractingByKey("input")
				.asInstanceOf(InstanceOfAssertFactories.MAP)
				.extractingByKey("chat_context")
				.asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsEntry("support", List.of("image"));
			assertThat(aki.doApiRequest(AkiParameters.chat().user("What?", photo)).error())
				.startsWith("Media of type image is not allowed in input parameter chat_context");
		}
	}

	@Test
	void jobId() {
		Order order = new Order();
		// @formatter:off
		// tag::job-id[]
		AkiJob job = aki.forEndpoint("z_image_turbo").doApiRequestAsync(AkiParameters.image("A lighthouse"),
				(info, data) -> order.setJobId(info.jobId()));
		// end::job-id[]
		// @formatter:on
		AkiResult result = job.result().join().orThrow();
		assertThat(emulator.jobs()).singleElement()
			.extracting(AkiEmulatorJob::id)
			.isEqualTo(order.jobId)
			.isEqualTo(job.jobId())
			.isEqualTo(result.jobId());
	}

	@Test
	void json() {
		try (AkiEmulator emulator = AkiEmulator.builder()
			.pace(50)
			.chatReply((prompt) -> "{\"name\": \"Ada\", \"age\": 36}")
			.build(); AkiClient aki = this.aki.mutate().apiServer(emulator.apiServer()).build()) {
			JsonMapper jsonMapper = JsonMapper.shared();
			// @formatter:off
			// tag::json[]
			AkiResult result = aki.doApiRequest(AkiParameters.chat()
				.system("Answer with JSON only: {\"name\": string, \"age\": number}")
				.user("Ada Lovelace died at the age of 36.")
				.temperature(0.1));
			Person person = jsonMapper.readValue(result.orThrow().answer(), Person.class);
			// end::json[]
			// @formatter:on
			assertThat(person).isEqualTo(new Person("Ada", 36));
		}
	}

	@Test
	void tools() {
		emulator.replies()
			.add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")))
			.add(AkiEmulatorReply.text("Take an umbrella."));
		assertThat(new Assistant(this.aki, JsonMapper.shared(), (city) -> "rain in " + city)
			.answer("Do I need an umbrella in Berlin?")).isEqualTo("Take an umbrella.");
		assertThat(emulator.replies().left()).isEmpty();
		assertThat(emulator.lastCall().params().get("chat_context")).asString().contains("rain in Berlin");
	}

	@Test
	void toolsAreNotCalledForEver() {
		emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")).always());
		assertThatIllegalStateException()
			.isThrownBy(() -> new Assistant(this.aki, JsonMapper.shared(), (city) -> "rain").answer("Hello"))
			.withMessageContaining("no answer");
		assertThat(emulator.jobs()).hasSize(5);
	}

	@Test
	void progress() {
		StringBuilder page = new StringBuilder();
		// @formatter:off
		// tag::progress[]
		AkiJob job = aki.forEndpoint("z_image_turbo").doApiRequestAsync(AkiParameters.image("A lighthouse"));
		try (Stream<AkiProgress> progress = job.progress()) {
			progress.map(AkiProgress::info).forEach((info) -> page.append((info.jobState() == AkiJobState.QUEUED)
					? "Waiting" + ((info.queuePosition() > 0) ? ", number " + info.queuePosition() : "") + "\n"
					: Math.round(Math.max(info.progress(), 0)) + " %\n"));
		}
		AkiResult result = job.result().join().orThrow();
		// end::progress[]
		// @formatter:on
		assertThat(result.orThrow().images()).hasSize(1);
		assertThat(page).isNotEmpty();
	}

	@Test
	void resume() {
		AkiClient before = this.aki.mutate().cancelOnClose(false).progressInterval(Duration.ofMinutes(1)).build();
		AkiJob left = before.doApiRequestAsync(Map.of("prompt_input", "Hello"));
		left.progress().findFirst();
		String storedId = left.jobId();
		before.close();
		// @formatter:off
		// tag::resume[]
		AkiResult result = aki.resume(storedId).result().join().orThrow();
		// end::resume[]
		// @formatter:on
		assertThat(result.orThrow().text()).isNotEmpty();
		assertThat(emulator.jobs()).as("paid once").hasSize(1);
	}

	@Test
	void cancel() {
		AkiJob job = this.aki.doApiRequestAsync(Map.of("prompt_input", "HANG"));
		job.progress().findFirst();
		String jobId = job.jobId();
		// @formatter:off
		// tag::cancel[]
		AkiResult response = aki.cancelRequest(jobId);                 // waits for the server
		if (response.success() && response.jobState() == AkiJobState.DONE) {
			show(response);                                            // the job was done: this is its result
		}
		// end::cancel[]
		// @formatter:on
		assertThat(response.jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThat(job.result().join().error()).isEqualTo("canceled");
	}

	private static void show(AkiResult result) {
		assertThat(result.text()).isNotNull();
	}

	@Test
	void limits() {
		AkiResult result = oneCall();
		assertThat(result.orThrow().text()).isNotEmpty();
	}

	private AkiResult oneCall() {
		// @formatter:off
		// tag::limits[]
		AkiClient patient = aki.mutate().readTimeout(Duration.ofMinutes(15)).build();
		return patient.doApiRequest(AkiParameters.chat().user("Write a novel"));
		// end::limits[]
		// @formatter:on
	}

	private static final class Order {

		private volatile @Nullable String jobId;

		void setJobId(String jobId) {
			this.jobId = jobId;
		}

	}

	record Person(String name, int age) {
	}

	interface Weather {

		String in(String city);

	}

	// @formatter:off
	// tag::tools[]
	static class Assistant {

		private static final String TOOLS = """
				You can call a tool: [{"name": "get_weather", "description": "The weather now",
				"parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}]""";

		private final AkiClient aki;

		private final JsonMapper jsonMapper;

		private final Weather weather;

		Assistant(AkiClient aki, JsonMapper jsonMapper, Weather weather) {
			this.aki = aki;
			this.jsonMapper = jsonMapper;
			this.weather = weather;
		}

		String answer(String question) {
			AkiParameters.Chat chat = AkiParameters.chat().system(TOOLS).user(question).outputFormat("json");
			for (int round = 0; round < 5; round++) {
				AkiResult result = this.aki.doApiRequest(chat).orThrow();
				List<AkiToolCall> calls = result.toolCallList();
				if (calls.isEmpty()) {
					return result.answer();
				}
				chat = chat.assistant(this.jsonMapper.writeValueAsString(calls)).user(calls.stream()
					.map((call) -> "Result of " + call.name() + ": " + execute(call))
					.collect(Collectors.joining("\n")));
			}
			throw new IllegalStateException("Five rounds of tool calls, and no answer");
		}

		private String execute(AkiToolCall call) {
			return switch (call.name()) {
				case "get_weather" -> this.weather.in(String.valueOf(call.arguments().get("city")));
				default -> "There is no such tool";  // models may invent names and arguments
			};
		}

	}
	// end::tools[]
	// @formatter:on

	static final class BusyException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		BusyException(String message, Throwable cause) {
			super(message, cause);
		}

	}

	static final class ImageException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		ImageException(String message, Throwable cause) {
			super(message, cause);
		}

	}

}
