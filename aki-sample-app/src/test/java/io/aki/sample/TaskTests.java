package io.aki.sample;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import javax.imageio.ImageIO;

import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
class TaskTests {

	private static final String IMAGE = """
			{"endpoint": "z_image_turbo",
			 "params": {"prompt": "A hill", "width": 192, "height": 128, "seed": 7, "steps": 4}}""";

	private final AkiEmulator emulator;

	private final int port;

	private final SampleClient sample;

	private final TaskApi tasks;

	TaskTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.port = port;
		this.sample = new SampleClient(port);
		this.tasks = new TaskApi(port);
	}

	@BeforeEach
	void endEarlierTasks() {
		// the other tests count the jobs
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			List<String> unfinished = this.tasks.tasks()
				.stream()
				.filter((task) -> List.of("pending", "queued", "running").contains(task.path("status").asString()))
				.map((task) -> task.path("task_id").asString())
				.toList();
			unfinished.forEach(this::cancel);
			return unfinished.isEmpty();
		});
		this.emulator.reset();
	}

	@Test
	void answersAtOnceInTheWordsOfThePhpDocument() {
		HttpResponse<String> response = this.sample.postJson("/api/tasks", IMAGE);
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(response.body()).matches("\\{\"status\":\"processing\",\"task_id\":\"[0-9a-f-]{36}\"}");
		assertThat(response.headers().firstValue("Location")).get().asString().startsWith("/api/tasks/");
	}

	@Test
	void repeatedRequestSubmitsNoSecondTask() {
		this.sample.idempotencyKey("order-42");
		TaskApi tasks = new TaskApi(this.sample);
		String id = tasks.submit(IMAGE);
		assertThat(tasks.submit(IMAGE)).isEqualTo(id);
		this.sample.idempotencyKey(null);
		assertThat(tasks.submit(IMAGE)).isNotEqualTo(id);
	}

	@Test
	void pictureIsStoredOnceAndStreamedOut() throws IOException {
		JsonNode task = this.tasks.await(this.tasks.submit(IMAGE), "completed");
		assertThat(task.path("progress").asInt()).isEqualTo(100);
		assertThat(task.path("job_id").asString()).isEqualTo(onlyJob().id());
		assertThat(task.path("attempts").asInt()).isEqualTo(1);
		String link = task.path("result").path("images").path(0).asString();
		assertThat(link).isEqualTo("/api/tasks/" + task.path("task_id").asString() + "/binaries/0");
		assertThat(task.toString()).doesNotContain("base64");
		HttpResponse<String> response = this.sample.get(link);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("image/jpeg");
		BufferedImage image = ImageIO.read(URI.create("http://127.0.0.1:" + this.port + link).toURL());
		assertThat(image.getWidth()).isEqualTo(192);
		assertThat(this.sample.get(link.replace("binaries/0", "binaries/1")).statusCode()).isEqualTo(404);
	}

	@Test
	void soundIsStoredAndStreamedOut() {
		String id = this.tasks
			.submit("{\"endpoint\": \"xttsv2\", \"params\": {\"text\": \"Good morning\", \"language\": \"en\"}}");
		JsonNode task = this.tasks.await(id, "completed");
		assertThat(task.path("job_id").asString()).isEqualTo(onlyJob().id());
		assertThat(task.path("result").path("audio_output").isMissingNode()).isTrue();
		assertThat(this.sample.get(task.path("result").path("audio").asString()).headers().firstValue("Content-Type"))
			.hasValue("audio/wav");
	}

	@Test
	void longPromptsAreCutInLists() {
		String prompt = "\\\"/".repeat(1500);
		String id = this.tasks.submitChat("Hello " + prompt);
		assertThat(this.tasks.await(id, "completed").path("prompt").asString()).startsWith("Hello \"/").hasSize(120);
	}

	@Test
	void progressIsTold() {
		String id = this.tasks.submitChat("HANG");
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.tasks.task(id).path("status").asString()).isEqualTo("running"));
		assertThat(this.tasks.awaitJob(id).path("job_id").asString()).isEqualTo(onlyJob().id());
		cancel(id);
	}

	@Test
	void cancelReachesTheServer() {
		String id = this.tasks.submitChat("HANG");
		this.tasks.awaitJob(id);
		assertThat(cancel(id).statusCode()).isEqualTo(200);
		JsonNode task = this.tasks.await(id, "canceled");
		assertThat(task.has("error")).isFalse();
		assertThat(onlyJob().state()).isEqualTo("canceled");
		assertThat(cancel(id).statusCode()).isEqualTo(409);
	}

	@Test
	void failureTellsItsReasonAndCanBeRetried() {
		String id = this.tasks.submitChat("FAIL");
		assertThat(this.tasks.await(id, "failed").path("error").asString()).isEqualTo("CUDA out of memory");
		assertThat(this.sample.post("/api/tasks/" + id + "/retry").statusCode()).isEqualTo(202);
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.emulator.jobs()).hasSize(2));
		this.tasks.await(id, "failed");
		assertThat(this.emulator.jobs()).hasSize(2);
	}

	@Test
	void completedTasksAreNotRetried() {
		String id = this.tasks.submitChat("Hello");
		this.tasks.await(id, "completed");
		HttpResponse<String> response = this.sample.post("/api/tasks/" + id + "/retry");
		assertThat(response.statusCode()).isEqualTo(409);
		assertThat(response.body()).contains("this one is completed");
	}

	@Test
	void tasksAreDeletedWhenTheyHaveEnded() {
		String id = this.tasks.submitChat("HANG");
		HttpResponse<String> refused = this.sample.delete("/api/tasks/" + id);
		assertThat(refused.statusCode()).isEqualTo(409);
		assertThat(refused.body()).contains("Only a task that has ended can be deleted");
		cancel(id);
		this.tasks.await(id, "canceled");
		assertThat(this.sample.delete("/api/tasks/" + id).statusCode()).isEqualTo(204);
		assertThat(this.sample.get("/api/tasks/" + id).statusCode()).isEqualTo(404);
		assertThat(this.sample.delete("/api/tasks/" + id).statusCode()).isEqualTo(404);
	}

	@Test
	void severalTasksAreCanceledAndDeleted() {
		String hanging = this.tasks.submitChat("HANG");
		String completed = this.tasks.submitChat("Hello");
		this.tasks.await(completed, "completed");
		String ids = "\"task_ids\": [\"" + hanging + "\", \"" + completed + "\", \"nobody\"]}";
		assertThat(this.sample.postJson("/api/tasks/bulk", "{\"action\": \"cancel\", " + ids).body())
			.isEqualTo("{\"changed\":1}");
		this.tasks.await(hanging, "canceled");
		assertThat(this.sample.postJson("/api/tasks/bulk", "{\"action\": \"delete\", " + ids).body())
			.isEqualTo("{\"changed\":2}");
		assertThat(this.sample.postJson("/api/tasks/bulk", "{\"action\": \"start\", " + ids).statusCode())
			.isEqualTo(400);
	}

	@Test
	void listIsFilteredAndPaged() {
		this.tasks.tasks().forEach((task) -> this.sample.delete("/api/tasks/" + task.path("task_id").asString()));
		String failed = this.tasks.submitChat("FAIL");
		String first = this.tasks.submitChat("Hello");
		this.tasks.await(failed, "failed");
		this.tasks.await(first, "completed");
		this.tasks.await(this.tasks.submitChat("Hello"), "completed");
		assertThat(this.sample.get("/api/tasks", "state=failed").body()).contains(failed, "\"total\":1")
			.doesNotContain(first);
		assertThat(this.sample.get("/api/tasks", "state=completed", "page=1", "size=1").body()).contains(first,
				"\"page\":1,\"size\":1,\"total\":2");
		HttpResponse<String> wrong = this.sample.get("/api/tasks", "state=Failed");
		assertThat(wrong.statusCode()).isEqualTo(400);
		assertThat(wrong.body()).contains("state must be pending, queued");
		assertThat(this.sample.get("/api/tasks", "size=1001").statusCode()).isEqualTo(400);
	}

	@Test
	void charactersThatDatabasesRefuseAreRefused() {
		HttpResponse<String> response = this.sample.postJson("/api/tasks",
				"""
						{"endpoint": "llama3_8b_chat", "params": {"chat_context": [{"role": "user", "content": "a\\u0000b"}]}}""");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("U+0000");
		assertThat(this.sample.get("/api/tasks/%00").statusCode()).isBetween(400, 404);
		assertThat(this.sample.get("/api/tasks", "state=\0").statusCode()).isEqualTo(400);
	}

	@Test
	void refusedParametersAreTheTasksError() {
		String id = this.tasks
			.submit("{\"endpoint\": \"z_image_turbo\", \"params\": {\"prompt\": \"x\", \"colour\": 1}}");
		assertThat(this.tasks.await(id, "failed").path("error").asString()).contains("colour");
	}

	@Test
	void changesAreToldAsTheyHappen() {
		try (SseStream stream = this.sample.stream("/api/tasks/events")) {
			assertThat(stream.next().data()).isEmpty();
			String id = this.tasks.submitChat("Hello");
			assertThat(stream.until((event) -> told(event, id, "completed"))).last()
				.matches((event) -> told(event, id, "completed"));
		}
	}

	private static boolean told(Event event, String id, String status) {
		return event.data()
			.valueStream()
			.anyMatch((task) -> task.path("task_id").asString().equals(id)
					&& task.path("status").asString().equals(status));
	}

	@Test
	void listHasTheNewestFirst() {
		String first = this.tasks.submitChat("Hello");
		String second = this.tasks.submitChat("Hello again");
		assertThat(this.tasks.tasks()).extracting((task) -> task.path("task_id").asString()).startsWith(second, first);
		this.tasks.await(first, "completed");
		this.tasks.await(second, "completed");
	}

	@Test
	void unknownTaskIsNotFound() {
		HttpResponse<String> response = this.sample.get("/api/tasks/nobody");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(response.body()).contains("\"detail\":\"There is no such task\"");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{}                                          | endpoint must not be null; params must not be null
			{"endpoint": "../x", "params": {}}          | endpoint must be the name of an endpoint
			{"endpoint": "x", "params": 1}              | params has the wrong type
			not json                                    | The body must be JSON
			""")
	void wrongRequestsAreRefused(String body, String message) {
		HttpResponse<String> response = this.sample.postJson("/api/tasks", body);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("\"detail\":\"" + message).doesNotContain("Exception");
		assertThat(this.emulator.jobs()).isEmpty();
	}

	private HttpResponse<String> cancel(String id) {
		return this.sample.post("/api/tasks/" + id + "/cancel");
	}

	private AkiEmulatorJob onlyJob() {
		assertThat(this.emulator.jobs()).hasSize(1);
		return this.emulator.jobs().get(0);
	}

}
