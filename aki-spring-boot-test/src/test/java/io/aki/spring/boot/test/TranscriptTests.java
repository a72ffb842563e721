package io.aki.spring.boot.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the emulator's responses with responses that were recorded from the real
 * server.
 */
class TranscriptTests {

	/**
	 * The fields whose values depend on the run or on the model, and the reason. A
	 * response must contain them with the recorded type. All other fields must be equal
	 * to the recorded ones.
	 */
	private static final Map<String, String> VARIABLE = Map.ofEntries(Map.entry("start_time", "the time of day"),
			Map.entry("start_time_compute", "the time of day"), Map.entry("result_received_time", "the time of day"),
			Map.entry("compute_duration", "a duration"), Map.entry("total_duration", "a duration"),
			Map.entry("estimate", "depends on the durations"),
			Map.entry("progress.progress", "the real worker reports a step behind the words that it has written"),
			Map.entry("prompt_length", "counted by the model's tokenizer"),
			Map.entry("current_context_length", "counted by the model's tokenizer"),
			Map.entry("job_result.seed", "drawn by lot"), Map.entry("images", "generated"));

	// the sentence that the recorded model repeats
	private static final String SENTENCE = "Once upon a time a small robot found a seashell on the beach. "
			+ "Grüße aus Berlin — naïve café 😄.";

	private static final Map<String, EmulatorClient.Reply> REPLIES = new LinkedHashMap<>();

	private static final Map<String, String> JOB_IDS = new HashMap<>();

	@BeforeAll
	static void replay() {
		AkiEmulatorClock clock = AkiEmulatorClock.create();
		// the recorded workers run up to 64 chats and 4 images at the same time, and the
		// recorded version of the server ignores cancel requests
		try (AkiEmulator emulator = AkiEmulator.builder()
			.clock(clock)
			.workers("llama3_8b_chat", 64)
			.workers("z_image_turbo", 4)
			.ignoreCancel(true)
			.chatReply((prompt) -> String.join(" ", SENTENCE, SENTENCE, SENTENCE))
			.build()) {
			EmulatorClient client = new EmulatorClient(emulator);
			for (Exchange exchange : exchanges()) {
				prepare(exchange, emulator, client, clock);
				EmulatorClient.Reply reply = send(exchange, emulator, client, clock);
				String recorded = exchange.response().at("/body/job_id").asString("");
				if (!recorded.isEmpty() && reply.text().contains("job_id")) {
					JOB_IDS.put(recorded, reply.at("/job_id").asString());
				}
				REPLIES.put(exchange.name(), reply);
			}
		}
	}

	private static void prepare(Exchange exchange, AkiEmulator emulator, EmulatorClient client,
			AkiEmulatorClock clock) {
		String jobId = JOB_IDS.getOrDefault(exchange.request().at("/body/job_id").asString(""), "");
		switch (exchange.name()) {
			case "progress of a running chat job, poll 2", "progress of a running chat job, poll 3",
					"progress of a running chat job, poll 4", "progress of a running chat job, poll 5" ->
				advanceTo(exchange.response().at("/body/progress/progress_data/num_generated_tokens").asInt(), jobId,
						client, clock);
			case "progress of a running chat job, poll 6" -> clock.advance(Duration.ofMinutes(1));
			case "progress of a queued image job" -> {
				for (int i = 1; i < 4; i++) {
					client.start("z_image_turbo", Map.of("prompt", "robot " + i, "width", 128, "height", 128));
				}
				JOB_IDS.put(exchange.request().at("/body/job_id").asString(),
						client.start("z_image_turbo", Map.of("prompt", "robot 4", "width", 128, "height", 128)));
			}
			case "progress of a running image job" -> clock.advance(Duration.ofMillis(1600));
			case "progress of a finished image job" -> clock.advance(Duration.ofMinutes(1));
			case "progress of a lapsed job" -> emulator.lapse(jobId);
			default -> {
			}
		}
	}

	// a word takes at least 25 ms, so that steps of 5 ms skip no word
	private static void advanceTo(int words, String jobId, EmulatorClient client, AkiEmulatorClock clock) {
		while (client.poll(jobId).at("/progress/progress_data/num_generated_tokens").asInt(0) < words) {
			clock.advance(Duration.ofMillis(5));
		}
	}

	private static EmulatorClient.Reply send(Exchange exchange, AkiEmulator emulator, EmulatorClient client,
			AkiEmulatorClock clock) {
		JsonNode request = exchange.request();
		String path = request.get("path").asString();
		if (request.get("method").asString().equals("GET")) {
			Map<String, String> query = new LinkedHashMap<>();
			request.get("query")
				.properties()
				.forEach((entry) -> query.put(entry.getKey(), entry.getValue().asString()));
			return client.get(path, query);
		}
		JsonNode body = request.get("body");
		String text = body.isString() ? body.asString() : withCurrentIds(body.toString());
		int before = emulator.jobs().size();
		CompletableFuture<EmulatorClient.Reply> reply = CompletableFuture.supplyAsync(() -> client.post(path, text));
		client.awaitJob(reply, before);
		if (body.path("wait_for_result").asBoolean(false)) {
			clock.advance(Duration.ofMinutes(1));
		}
		return reply.join();
	}

	private static String withCurrentIds(String text) {
		String current = text;
		for (Map.Entry<String, String> id : JOB_IDS.entrySet()) {
			current = current.replace(id.getKey(), id.getValue());
		}
		return current;
	}

	static List<Exchange> exchanges() {
		List<Exchange> exchanges = new ArrayList<>();
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(
				Objects.requireNonNull(TranscriptTests.class.getResourceAsStream("transcripts.jsonl")),
				StandardCharsets.UTF_8))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				JsonNode exchange = EmulatorClient.JSON.readTree(line);
				exchanges.add(new Exchange(exchange.get("name").asString(), exchange.get("request"),
						exchange.get("response")));
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return exchanges;
	}

	@Test
	void allExchangesAreReplayed() {
		assertThat(REPLIES).hasSize(34);
	}

	@ParameterizedTest
	@MethodSource("exchanges")
	void answersAsTheRealServerDoes(Exchange exchange) {
		EmulatorClient.Reply reply = Objects.requireNonNull(REPLIES.get(exchange.name()));
		assertThat(reply.status()).isEqualTo(exchange.response().get("status").asInt());
		assertThat(reply.contentType()).isEqualTo(exchange.response().get("contentType").asString());
		JsonNode recorded = exchange.response().get("body");
		if (recorded.isString()) {
			assertThat(reply.text()).isEqualTo(recorded.asString());
		}
		else {
			compare("", recorded, reply.json());
		}
	}

	private static void compare(String path, JsonNode recorded, JsonNode actual) {
		assertThat(kind(actual)).as(path).isEqualTo(kind(recorded));
		if (recorded.isObject()) {
			assertThat(new TreeSet<>(actual.propertyNames())).as(path)
				.isEqualTo(new TreeSet<>(recorded.propertyNames()));
			recorded.properties()
				.forEach((entry) -> compare(path + "." + entry.getKey(), entry.getValue(), actual.get(entry.getKey())));
		}
		else if (path.equals(".endpoints")) {
			// the emulator has two more endpoints than the recorded server
			assertThat(actual.toString()).startsWith(recorded.toString().replace("]", ""));
		}
		else if (VARIABLE.keySet().stream().anyMatch((name) -> path.endsWith("." + name))) {
			if (recorded.isArray()) {
				assertThat(actual.size()).as(path).isEqualTo(recorded.size());
				assertThat(actual.get(0).asString()).as(path).startsWith("data:image/JPEG;base64,/9j/");
			}
		}
		else if (recorded.isArray()) {
			assertThat(actual.size()).as(path).isEqualTo(recorded.size());
			for (int i = 0; i < recorded.size(); i++) {
				compare(path + "." + i, recorded.get(i), actual.get(i));
			}
		}
		else if (recorded.isNumber()) {
			assertThat(actual.decimalValue()).as(path).isEqualByComparingTo(recorded.decimalValue());
		}
		else {
			assertThat(actual.asString()).as(path).isEqualTo(withCurrentIds(recorded.asString()));
		}
	}

	private static String kind(JsonNode node) {
		return node.getNodeType().name();
	}

	record Exchange(String name, JsonNode request, JsonNode response) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
