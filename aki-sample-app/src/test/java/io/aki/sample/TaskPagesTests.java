package io.aki.sample;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorCustomizer;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the pages with tasks over HTTP, and that users see only their own tasks.
 */
@SampleTest
@Import({ TestUsers.class, TaskPagesTests.Emulator.class })
class TaskPagesTests {

	private static final String PROMPT = "A hill";

	private static final JsonMapper json = new JsonMapper();

	private final AkiEmulator emulator;

	private final AkiTasks durable;

	private final SampleClient anna;

	private final SampleClient ben;

	private final TaskApi tasks;

	TaskPagesTests(@Autowired AkiEmulator emulator, @Autowired AkiTasks durable, @LocalServerPort int port) {
		this.emulator = emulator;
		this.durable = durable;
		this.anna = new SampleClient(port, "anna");
		this.ben = new SampleClient(port, "ben");
		this.tasks = new TaskApi(this.anna);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Emulator {

		@Bean
		AkiEmulatorCustomizer asleep() {
			return (builder) -> builder.endpoint(AkiEmulatorEndpoint.chat("asleep")).workers("asleep", 0);
		}

	}

	@BeforeEach
	void deleteTasks() {
		this.anna.idempotencyKey(null);
		this.ben.idempotencyKey(null);
		this.emulator.reset();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			List<AkiTask> left = this.durable.find(AkiTaskQuery.all().size(1000)).tasks();
			left.forEach((task) -> {
				this.durable.cancel(task.id());
				this.durable.delete(task.id());
			});
			return left.isEmpty();
		});
		// a task of the last test may have started its job meanwhile
		this.emulator.reset();
	}

	@Test
	void tasksOfOthersDoNotExist() throws Exception {
		String id = image(Map.of()).get(0);
		String hanging = this.tasks.submitChat("HANG");
		this.tasks.await(id, "completed");
		String job = this.tasks.awaitJob(hanging).path("job_id").asString();
		try (SseStream stream = this.ben.stream("/api/tasks/events")) {
			assertThat(stream.next().data()).isEmpty();
			for (String path : List.of("", "/binaries/0")) {
				assertThat(this.ben.get("/api/tasks/" + id + path).statusCode()).as(path).isEqualTo(404);
			}
			for (String action : List.of("/cancel", "/retry")) {
				assertThat(this.ben.post("/api/tasks/" + hanging + action).statusCode()).isEqualTo(404);
			}
			assertThat(this.ben.delete("/api/tasks/" + id).statusCode()).isEqualTo(404);
			assertThat(this.ben
				.postJson("/api/tasks/bulk", "{\"action\": \"cancel\", \"task_ids\": [\"" + hanging + "\"]}")
				.body()).isEqualTo("{\"changed\":0}");
			for (String page : List.of("/api/tasks", "/tasks", "/images", "/endpoints/llama3_8b_chat")) {
				assertThat(this.ben.get(page).body()).as(page).doesNotContain(id, hanging, job, PROMPT);
			}
			for (String page : List.of("/tasks/" + id, "/images?again=" + id, "/images?edit=" + id + "/0")) {
				assertThat(get(this.ben, page).statusCode()).as(page).isEqualTo(404);
			}
			assertThat(this.ben.get("/tasks/changed", "ids=" + id).body()).doesNotContain(id);
			assertThat(this.ben.post("/images/" + id + "/vary").statusCode()).isEqualTo(404);
			assertThat(this.ben.postForm("/images", Map.of("prompt", "x", "source", id + "/0")).statusCode())
				.isEqualTo(404);
			// the only event is that of Ben's own task
			String own = new TaskApi(this.ben).submitChat("Hello");
			List<Event> events = stream.until((event) -> event.data().toString().contains("completed"));
			assertThat(events).allMatch((event) -> event.data()
				.valueStream()
				.allMatch((task) -> task.path("task_id").asString().equals(own)));
		}
		assertThat(this.anna.get("/tasks").body()).contains(id, hanging);
		assertThat(this.anna.get("/images").body()).contains(id, PROMPT);
	}

	private static HttpResponse<String> get(SampleClient client, String page) {
		int end = page.indexOf('?');
		return (end < 0) ? client.get(page) : client.get(page.substring(0, end), page.substring(end + 1));
	}

	@Test
	void feedSendsOnlyWhatChanged() throws Exception {
		try (SseStream stream = this.anna.stream("/api/tasks/events")) {
			assertThat(stream.next().data()).isEmpty();
			String id = this.tasks.submitChat("Hello");
			List<Event> events = stream.until((event) -> event.data().toString().contains("completed"));
			assertThat(events).allSatisfy((event) -> {
				assertThat(event.name()).isEqualTo("tasks");
				assertThat(event.data()).singleElement()
					.satisfies((task) -> assertThat(task.path("task_id").asString()).isEqualTo(id));
			});
			this.anna.delete("/api/tasks/" + id);
			assertThat(stream.until((event) -> event.data().isEmpty())).as("a task was deleted")
				.last()
				.matches((event) -> event.data().isEmpty());
		}
	}

	@Test
	void runningTasksComeFirst() {
		String hanging = this.tasks.submitChat("HANG here");
		this.tasks.awaitJob(hanging);
		String completed = this.tasks.submitChat("Newer");
		this.tasks.await(completed, "completed");
		assertThat(this.anna.get("/tasks").body()).containsSubsequence("HANG here", "Newer");
		assertThat(this.anna.get("/tasks", "state=completed").body()).contains("Newer").doesNotContain("HANG here");
		assertThat(this.anna.get("/tasks", "state=nonsense").statusCode()).isEqualTo(400);
	}

	@Test
	void tasksArePaged() {
		AkiTasks own = this.durable.forOwner("anna");
		List<String> ids = IntStream.range(0, 25)
			.mapToObj((number) -> own.submit(AkiTaskRequest.of("llama3_8b_chat", Map.of("prompt_input", "HANG"))))
			.toList();
		ids.forEach(own::cancel);
		ids.forEach((id) -> this.tasks.await(id, "canceled"));
		String first = this.anna.get("/tasks").body();
		String second = this.anna.get("/tasks", "page=1").body();
		assertThat(first).contains("Page 1 of 2", "rel=\"next\"").doesNotContain("rel=\"prev\"");
		assertThat(second).contains("Page 2 of 2", "rel=\"prev\"").doesNotContain("rel=\"next\"");
		assertThat(ids).allMatch((id) -> first.contains("task-" + id) != second.contains("task-" + id));
	}

	@Test
	void pageOfATaskShowsTheTextOfTheModelAsText() {
		String id = this.tasks.submitChat("THINK about the sea");
		this.tasks.await(id, "completed");
		assertThat(this.anna.get("/tasks/" + id).body()).contains("<summary>Reasoning</summary>", "data-markdown")
			.doesNotContain("&lt;think");
	}

	@Test
	void answersOfTheChatAreNoResultsOfAnEndpoint() {
		AkiTasks own = this.durable.forOwner("anna");
		String chat = own.submit(AkiTaskRequest.of("llama3_8b_chat", Map.of("prompt_input", "Hello"))
			.metadata(Map.of("prompt", "Hello", "conversation", "c")));
		assertThat(this.anna.get("/endpoints/llama3_8b_chat").body()).doesNotContain(chat);
		assertThat(this.anna.get("/tasks").body()).contains(chat);
		this.tasks.await(chat, "completed");
	}

	@Test
	void missingWorkersAreTold() {
		String id = this.tasks.submit("{\"endpoint\": \"asleep\", \"params\": {\"prompt_input\": \"Hello\"}}");
		this.tasks.awaitJob(id);
		assertThat(this.tasks.task(id).path("status").asString()).isEqualTo("queued");
		assertThat(this.anna.get("/tasks/" + id).body()).contains("no worker is online", ">queued<");
		assertThat(this.anna.get("/tasks").body()).contains("no worker is online");
		assertThat(this.anna.get("/endpoints").body()).contains("no worker online");
		long asked = this.emulator.requests()
			.stream()
			.filter((request) -> request.path().equals("/api/endpoints/asleep"))
			.count();
		assertThat(asked).as("requests for the details of the endpoint").isLessThanOrEqualTo(2);
	}

	@Test
	void severalPicturesAreCreatedWithConsecutiveSeeds() {
		List<String> ids = image(Map.of("count", "3", "seed", "7"));
		assertThat(ids).hasSize(3);
		ids.forEach((id) -> this.tasks.await(id, "completed"));
		assertThat(ids).map((id) -> this.tasks.task(id).path("result").path("seed").asInt())
			.containsExactlyInAnyOrder(7, 8, 9);
	}

	@Test
	void pictureIsMadeAgainVariedAndEdited() {
		String id = image(Map.of("size", "576x1024", "seed", "7", "steps", "4")).get(0);
		this.tasks.await(id, "completed");
		assertThat(this.anna.get("/images", "again=" + id).body()).contains(">A hill</textarea>")
			.containsPattern("value=\"576x1024\" checked")
			.containsPattern("name=\"seed\"[^>]* value=\"7\"")
			.containsPattern("name=\"steps\"[^>]* value=\"4\"");
		String varied = ids(this.anna.post("/images/" + id + "/vary")).get(0);
		this.tasks.await(varied, "completed");
		assertThat(this.emulator.lastCall().params()).containsEntry("prompt", PROMPT)
			.containsEntry("height", 1024)
			.doesNotContainKey("seed");
		String source = id + "/0";
		assertThat(this.anna.get("/images", "edit=" + source).body()).contains("value=\"" + source + "\"",
				"src=\"/api/tasks/" + id + "/binaries/0\"");
		String edited = ids(this.anna.postForm("/images", Map.of("prompt", "Make it night", "source", source))).get(0);
		this.tasks.await(edited, "completed");
		assertThat(this.tasks.task(edited).path("endpoint").asString()).isEqualTo("qwen_image_edit");
		String again = ids(this.anna.post("/images/" + edited + "/vary")).get(0);
		assertThat(this.tasks.await(again, "completed").path("endpoint").asString()).isEqualTo("qwen_image_edit");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/images", "/speech", "/endpoints/llama3_8b_chat" })
	void repeatedFormSubmitsNoSecondTask(String path) {
		Map<String, String> form = switch (path) {
			case "/images" -> Map.of("prompt", "x", "endpoint", "z_image_turbo", "count", "2", "size", "128x128");
			case "/speech" -> Map.of("text", "x");
			default -> Map.of("prompt_input", "x");
		};
		this.anna.idempotencyKey("first");
		List<String> ids = ids(this.anna.postForm(path, form));
		assertThat(ids(this.anna.postForm(path, form))).isEqualTo(ids);
		this.anna.idempotencyKey("second");
		assertThat(ids(this.anna.postForm(path, form))).doesNotContainAnyElementsOf(ids);
		this.ben.idempotencyKey("first");
		assertThat(ids(this.ben.postForm(path, form))).doesNotContainAnyElementsOf(ids);
	}

	@Test
	void repeatedVariationSubmitsNoSecondTask() {
		String id = image(Map.of("size", "128x128")).get(0);
		this.tasks.await(id, "completed");
		this.anna.idempotencyKey("vary");
		List<String> ids = ids(this.anna.post("/images/" + id + "/vary"));
		assertThat(ids(this.anna.post("/images/" + id + "/vary"))).isEqualTo(ids);
	}

	@Test
	void keyThatIsTooLongIsRefused() {
		this.anna.idempotencyKey("k".repeat(200));
		HttpResponse<String> refused = this.anna.postForm("/speech", Map.of("text", "x"));
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(refused.body()).contains("'idempotencyKey' must have at most 200 characters");
	}

	@Test
	void promptThatIsNotKeptCompletelyIsNotRepeated() {
		String id = this.tasks.submit("{\"endpoint\": \"z_image_turbo\", \"params\": {\"prompt\": \"" + "a".repeat(3500)
				+ "\", \"width\": 128, \"height\": 128}}");
		this.tasks.await(id, "completed");
		assertThat(this.anna.get("/images").body()).contains("Edit this").doesNotContain("Vary");
		assertThat(this.anna.post("/images/" + id + "/vary").statusCode()).isEqualTo(409);
	}

	@ParameterizedTest
	@ValueSource(strings = { "R0lGODlhAQABAAAAACw=", "PHN2Zz48L3N2Zz4=", "JVBERi0xLjcK", "" })
	void onlyTheContentMakesAFileAPicture(String content) {
		byte[] data = Base64.getDecoder().decode(content);
		HttpResponse<String> response = this.anna.postForm("/images",
				Map.of("prompt", "x", "endpoint", "z_image_turbo", "image", data, "size", "128x128"));
		if (data.length == 0) {
			assertThat(response.statusCode()).as("no file was chosen").isEqualTo(202);
			return;
		}
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("The file is not a PNG, JPEG or WebP picture");
		HttpResponse<String> other = this.anna.postForm("/endpoints/qwen_image_edit",
				Map.of("prompt", "x", "image", data));
		assertThat(other.statusCode()).isEqualTo(400);
		assertThat(other.body()).contains("The file is not a PNG, JPEG or WebP picture");
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void uploadedPictureIsEdited() throws IOException {
		byte[] picture = Files.readAllBytes(Path.of("src/test/resources/picture.png"));
		String id = ids(this.anna.postForm("/images", Map.of("prompt", "Make it night", "image", picture))).get(0);
		this.tasks.await(id, "completed");
		assertThat(this.emulator.lastCall().params().get("image")).asString().startsWith("data:image/png;base64,");
		assertThat(this.anna.get("/images").body()).as("the uploaded picture is not kept").doesNotContain("Vary");
	}

	@Test
	void longTextsAreRefusedAndNotCut() {
		String longest = ("a".repeat(1999) + "\r\n").strip() + "b";
		assertThat(image(Map.of("prompt", longest, "size", "128x128"))).hasSize(1);
		HttpResponse<String> refused = this.anna.postForm("/images",
				Map.of("prompt", "a".repeat(2001), "endpoint", "z_image_turbo"));
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(refused.body()).contains("at most 2000 characters");
		HttpResponse<String> speech = this.anna.postForm("/speech", Map.of("text", "a".repeat(20_001)));
		assertThat(speech.statusCode()).isEqualTo(400);
		assertThat(speech.body()).contains("text has 20001 characters; at most 20000 are allowed");
		HttpResponse<String> nul = this.anna.postForm("/speech", Map.of("text", "a\0b"));
		assertThat(nul.statusCode()).isEqualTo(400);
		assertThat(nul.body()).contains("not allowed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "count=5", "count=0", "size=1x1", "size=a", "source=x", "seed=x", "endpoint=../x" })
	void wrongFormsAreRefused(String field) {
		Map<String, String> form = new LinkedHashMap<>(Map.of("prompt", "x", "endpoint", "z_image_turbo"));
		form.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
		assertThat(this.anna.postForm("/images", form).statusCode()).isEqualTo(400);
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void unknownEndpointIsNotFound() {
		assertThat(this.anna.get("/endpoints/nobody").statusCode()).isEqualTo(404);
	}

	private List<String> image(Map<String, String> values) {
		Map<String, String> form = new LinkedHashMap<>(
				Map.of("prompt", PROMPT, "endpoint", "z_image_turbo", "size", "768x512"));
		form.putAll(values);
		return ids(this.anna.postForm("/images", form));
	}

	private static List<String> ids(HttpResponse<String> response) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		return json.readTree(response.body()).path("task_ids").valueStream().map((id) -> id.asString()).toList();
	}

}
