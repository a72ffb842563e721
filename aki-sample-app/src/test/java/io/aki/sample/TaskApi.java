package io.aki.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls the sample's API for tasks over HTTP.
 */
public final class TaskApi {

	private static final JsonMapper json = new JsonMapper();

	private final SampleClient sample;

	public TaskApi(int port) {
		this(new SampleClient(port));
	}

	public TaskApi(SampleClient sample) {
		this.sample = sample;
	}

	public String submit(String body) {
		HttpResponse<String> response = this.sample.postJson("/api/tasks", body);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
		return json.readTree(response.body()).path("task_id").asString();
	}

	public String submitChat(String prompt) {
		return submit("{\"endpoint\": \"llama3_8b_chat\", \"params\": {\"prompt_input\": \"" + prompt + "\"}}");
	}

	public JsonNode task(String id) {
		return json.readTree(this.sample.get("/api/tasks/" + id).body());
	}

	public List<JsonNode> tasks() {
		return json.readTree(this.sample.get("/api/tasks", "size=1000").body()).path("tasks").valueStream().toList();
	}

	public JsonNode await(String id, String status) {
		return await(id, status, Duration.ofSeconds(40));
	}

	public JsonNode await(String id, String status, Duration limit) {
		Awaitility.await()
			.atMost(limit)
			.untilAsserted(
					() -> assertThat(task(id).path("status").asString()).as(task(id).toString()).isEqualTo(status));
		return task(id);
	}

	/**
	 * Wait until the id of a task's job is stored. The job then runs at AKI.IO.
	 */
	public JsonNode awaitJob(String id) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(task(id).path("job_id").asString("")).isNotEmpty());
		return task(id);
	}

}
