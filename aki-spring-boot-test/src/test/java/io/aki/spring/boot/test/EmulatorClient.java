package io.aki.spring.boot.test;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends requests to an emulator over HTTP.
 */
final class EmulatorClient {

	static final JsonMapper JSON = JsonMapper.builder().build();

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final AkiEmulator emulator;

	EmulatorClient(AkiEmulator emulator) {
		this.emulator = emulator;
	}

	Reply get(String path, Map<String, String> query) {
		String suffix = query.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"));
		return send(HttpRequest.newBuilder(uri(path + (suffix.isEmpty() ? "" : "?" + suffix))).build());
	}

	Reply post(String path, String body) {
		return send(posting(path, body));
	}

	Reply call(String endpoint, Map<String, ?> params) {
		return post("/api/call/" + endpoint, body(Map.of(), params));
	}

	/**
	 * Start a job without waiting for it.
	 * @return the job's id
	 */
	String start(String endpoint, Map<String, ?> params) {
		Reply reply = call(endpoint, with(params, "wait_for_result", false));
		if (reply.status() != 200) {
			throw new AssertionError(reply.text());
		}
		return reply.json().get("job_id").asString();
	}

	String chat(String prompt) {
		return start("llama3_8b_chat", Map.of("prompt_input", prompt));
	}

	/**
	 * Start a call that waits for its job, and return when the emulator has accepted the
	 * job.
	 */
	CompletableFuture<Reply> callLater(String endpoint, Map<String, ?> params) {
		int before = this.emulator.jobs().size();
		CompletableFuture<Reply> reply = HTTP
			.sendAsync(posting("/api/call/" + endpoint, body(Map.of(), with(params, "wait_for_result", true))),
					HttpResponse.BodyHandlers.ofString())
			.thenApply(Reply::of);
		awaitJob(reply, before);
		return reply;
	}

	Reply poll(String endpoint, String jobId) {
		return post("/api/progress/" + endpoint, body(Map.of(), Map.of("job_id", jobId)));
	}

	Reply poll(String jobId) {
		return poll("llama3_8b_chat", jobId);
	}

	Reply cancel(String endpoint, String jobId) {
		return post("/api/progress/" + endpoint, body(Map.of(), Map.of("job_id", jobId, "cancel", true)));
	}

	/**
	 * Wait until the emulator has accepted another job or has answered the request.
	 */
	void awaitJob(CompletableFuture<Reply> reply, int before) {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> reply.isDone() || this.emulator.jobs().size() > before);
	}

	private String body(Map<String, ?> first, Map<String, ?> params) {
		return JSON.writeValueAsString(with(with(first, "key", this.emulator.apiKey()), params));
	}

	private static Map<String, Object> with(Map<String, ?> params, String name, Object value) {
		return with(params, Map.of(name, value));
	}

	private static Map<String, Object> with(Map<String, ?> params, Map<String, ?> more) {
		Map<String, Object> all = new LinkedHashMap<>(params);
		all.putAll(more);
		return all;
	}

	private HttpRequest posting(String path, String body) {
		return HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
	}

	private URI uri(String path) {
		return URI.create(this.emulator.apiServer() + path);
	}

	private static Reply send(HttpRequest request) {
		try {
			return Reply.of(HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	record Reply(int status, String contentType, String text, Map<String, List<String>> headers) {

		static Reply of(HttpResponse<String> response) {
			return new Reply(response.statusCode(), response.headers().firstValue("Content-Type").orElse(""),
					response.body(), response.headers().map());
		}

		JsonNode json() {
			return JSON.readTree(this.text);
		}

		JsonNode at(String pointer) {
			return json().at(pointer);
		}

		String state() {
			return at("/job_state").asString();
		}

	}

}
