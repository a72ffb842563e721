package io.aki.sample;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.aki.sample.SseStream.Event;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

@SampleTest
@Import(TestUsers.class)
class ChatTests {

	private static final String CONVERSATIONS = "/api/conversations";

	private final AkiEmulator emulator;

	private final AkiTasks tasks;

	private final JdbcClient jdbc;

	private final SampleClient sample;

	private final int port;

	ChatTests(@Autowired AkiEmulator emulator, @Autowired AkiTasks tasks, @Autowired JdbcClient jdbc,
			@LocalServerPort int port) {
		this.emulator = emulator;
		this.tasks = tasks;
		this.jdbc = jdbc;
		this.port = port;
		this.sample = new SampleClient(port);
	}

	@BeforeEach
	void forgetEarlierJobs() {
		this.emulator.reset();
	}

	@Test
	void textOfTheAnswerIsStreamedAndStored() {
		JsonNode conversation = start("Write a story about the sea");
		assertThat(message(conversation, 0).path("text").asString()).isEqualTo("Write a story about the sea");
		assertThat(conversation.path("title").asString()).isEqualTo("Write a story about the sea");
		List<Event> events = this.sample.stream(events(conversation)).all();
		assertThat(events).first().extracting(Event::name).isEqualTo("progress");
		assertThat(events).filteredOn((event) -> event.name().equals("delta")).hasSizeGreaterThan(1);
		Event done = last(events);
		assertThat(done.name()).isEqualTo("done");
		assertThat(text(events, "delta")).isEqualTo(done.data().path("text").asString()).isNotBlank();
		JsonNode stored = answer(find(conversation));
		assertThat(stored).isEqualTo(done.data());
		assertThat(stored.path("state").asString()).isEqualTo("completed");
		assertThat(stored.path("tokens").asInt()).isPositive();
	}

	@Test
	void answerOfTenKilobytesSendsLittle() {
		String text = "A sentence of the answer. ".repeat(400).strip();
		this.emulator.replies().add(AkiEmulatorReply.text(text));
		JsonNode conversation = start("Write a long answer");
		String events = this.sample.get(events(conversation)).body();
		assertThat(events).contains("event:done").hasSizeGreaterThan(text.length()).hasSizeLessThan(60_000);
		System.out.printf("An answer of %d characters: %d characters of events%n", text.length(), events.length());
	}

	@Test
	void answerGoesOnWhenThePageLeaves() {
		JsonNode conversation = start("Write a story about the sea");
		try (SseStream stream = this.sample.stream(events(conversation))) {
			stream.until((event) -> event.name().equals("delta"));
		}
		awaitState(conversation, "completed");
		assertThat(onlyJob().cancelRequests()).isZero();
		List<Event> later = this.sample.stream(events(conversation)).all();
		assertThat(text(later, "delta")).isEqualTo(answer(find(conversation)).path("text").asString());
		assertThat(last(later).name()).isEqualTo("done");
	}

	@Test
	void pageThatReconnectsGetsTheRest() {
		JsonNode conversation = start("Write a story about the sea");
		List<Event> first;
		try (SseStream stream = this.sample.stream(events(conversation))) {
			first = stream.until((event) -> event.name().equals("delta"));
		}
		List<Event> rest = this.sample.reconnect(last(first).id(), events(conversation)).all();
		assertThat(text(first, "delta") + text(rest, "delta")).isEqualTo(last(rest).data().path("text").asString());
		assertThat(onlyJob().handedOut()).isOne();
	}

	@Test
	void reasoningIsSeparate() {
		JsonNode conversation = start("THINK about the sea");
		List<Event> events = this.sample.stream(events(conversation)).all();
		JsonNode message = last(events).data();
		assertThat(message.path("thinking").asString()).isNotBlank().isEqualTo(text(events, "thinking"));
		assertThat(message.path("text").asString()).isNotBlank().doesNotContain("<think>");
	}

	@Test
	void stopCancelsTheJobAndKeepsTheText() {
		this.emulator.replies().add(AkiEmulatorReply.text("A sentence of the story. ".repeat(4000).strip()));
		JsonNode conversation = start("Write a very long story about the sea");
		try (SseStream stream = this.sample.stream(events(conversation))) {
			List<Event> events = stream.until((event) -> event.name().equals("delta"));
			assertThat(this.sample.post(messages(conversation) + answerId(conversation) + "/cancel").statusCode())
				.isEqualTo(202);
			List<Event> rest = stream.all();
			assertThat(last(rest).name()).isEqualTo("failure");
			assertThat(last(rest).data().path("state").asString()).isEqualTo("canceled");
			assertThat(last(rest).data().path("detail").asString()).isEqualTo("Stopped");
			JsonNode stored = answer(find(conversation));
			assertThat(stored.path("state").asString()).isEqualTo("canceled");
			assertThat(stored.path("text").asString()).isEqualTo(text(events, "delta") + text(rest, "delta"));
		}
		assertThat(onlyJob().state()).isEqualTo("canceled");
	}

	@Test
	void failureSaysWhy() {
		JsonNode conversation = start("Please FAIL");
		Event failure = last(this.sample.stream(events(conversation)).all());
		assertThat(failure.name()).isEqualTo("failure");
		assertThat(failure.data().path("detail").asString()).contains("CUDA out of memory");
		assertThat(answer(find(conversation)).path("error").asString()).contains("CUDA out of memory");
	}

	@Test
	void modelGetsTheAnsweredQuestionsBeforeAndTheSettings() {
		JsonNode conversation = start("Tell me a joke", Map.of("system", "Be brief", "temperature", 0.5));
		String answer = last(this.sample.stream(events(conversation)).all()).data().path("text").asString();
		JsonNode failed = ask(conversation, "Please FAIL");
		this.sample.stream(messages(conversation) + failed.get(1).path("id").asString() + "/events").all();
		ask(conversation, "Another one");
		awaitState(conversation, "completed");
		Map<String, Object> params = requests().get(2);
		assertThat(params.get("temperature")).hasToString("0.5");
		assertThat(messages(params)).isEqualTo(List.of(Map.of("role", "system", "content", "Be brief"),
				Map.of("role", "user", "content", "Tell me a joke"), Map.of("role", "assistant", "content", answer),
				Map.of("role", "user", "content", "Another one")));
	}

	@Test
	void repeatedRequestAsksOnce() {
		Map<String, Object> settings = Map.of("request_id", UUID.randomUUID().toString());
		JsonNode conversation = start("Tell me a joke", settings);
		assertThat(start("Tell me a joke", settings).path("id")).isEqualTo(conversation.path("id"));
		awaitState(conversation, "completed");
		String body = json(Map.of("text", "Another one", "request_id", UUID.randomUUID().toString()));
		this.sample.postJson(CONVERSATIONS + "/" + id(conversation) + "/messages", body);
		assertThat(this.sample.postJson(CONVERSATIONS + "/" + id(conversation) + "/messages", body).statusCode())
			.isEqualTo(201);
		awaitState(conversation, "completed");
		assertThat(find(conversation).path("messages")).hasSize(4);
		ask(conversation, "A third one");
		awaitState(conversation, "completed");
		JsonNode repeated = read(this.sample.postJson(CONVERSATIONS + "/" + id(conversation) + "/messages", body));
		assertThat(repeated.get(0).path("text").asString()).isEqualTo("Another one");
		assertThat(this.emulator.jobs()).hasSize(3);
	}

	@Test
	void nextQuestionWaitsForTheAnswer() {
		JsonNode conversation = start("HANG");
		HttpResponse<String> refused = this.sample.postJson(CONVERSATIONS + "/" + id(conversation) + "/messages",
				json(Map.of("text", "Hello?")));
		assertThat(refused.statusCode()).isEqualTo(409);
		assertThat(find(conversation).path("messages")).hasSize(2);
		this.sample.post(messages(conversation) + answerId(conversation) + "/cancel");
		awaitState(conversation, "canceled");
		assertThat(ask(conversation, "Hello?")).hasSize(2);
	}

	@Test
	void answerIsRegenerated() {
		JsonNode conversation = start("Tell me a joke");
		awaitState(conversation, "completed");
		ask(conversation, "Another one");
		awaitState(conversation, "completed");
		HttpResponse<String> response = this.sample
			.post(messages(conversation) + answerId(conversation) + "/regenerate");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(read(response).path("messages")).hasSize(2);
		awaitState(conversation, "completed");
		assertThat(requests()).hasSize(3);
		assertThat(requests().get(2).get("chat_context")).isEqualTo(requests().get(0).get("chat_context"));
	}

	@Test
	void questionIsEdited() {
		JsonNode conversation = start("Tell me a joke");
		awaitState(conversation, "completed");
		HttpResponse<String> response = this.sample.sendJson("PUT",
				messages(conversation) + message(conversation, 0).path("id").asString(),
				json(Map.of("text", "Tell me a story")));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(message(read(response), 0).path("text").asString()).isEqualTo("Tell me a story");
		awaitState(conversation, "completed");
		assertThat(messages(requests().get(1)))
			.isEqualTo(List.of(Map.of("role", "user", "content", "Tell me a story")));
	}

	@Test
	void settingsAreChangedAndRemoved() {
		JsonNode conversation = start("Tell me a joke", Map.of("system", "Be brief", "max_tokens", 50));
		String path = CONVERSATIONS + "/" + id(conversation) + "/settings";
		JsonNode changed = read(
				this.sample.sendJson("PUT", path, json(Map.of("endpoint", "gpt_oss_chat", "temperature", 1))));
		assertThat(changed.path("endpoint").asString()).isEqualTo("gpt_oss_chat");
		assertThat(changed.path("temperature").asDouble()).isEqualTo(1);
		assertThat(changed.path("system").isNull()).isTrue();
		assertThat(changed.path("max_tokens").isNull()).isTrue();
		assertThat(find(conversation).path("endpoint").asString()).isEqualTo("gpt_oss_chat");
		assertThat(this.sample.sendJson("PUT", path, "{}").statusCode()).isEqualTo(400);
		awaitState(conversation, "completed");
	}

	@Test
	void conversationsOfOthersDoNotExist() {
		JsonNode conversation = start("Tell me a joke");
		awaitState(conversation, "completed");
		SampleClient other = new SampleClient(this.port, "other");
		String path = CONVERSATIONS + "/" + id(conversation);
		assertThat(other.get(path).statusCode()).isEqualTo(404);
		assertThat(other.get(events(conversation)).statusCode()).isEqualTo(404);
		assertThat(other.post(messages(conversation) + answerId(conversation) + "/cancel").statusCode()).isEqualTo(404);
		assertThat(other.post(messages(conversation) + answerId(conversation) + "/regenerate").statusCode())
			.isEqualTo(404);
		assertThat(other.postJson(path + "/messages", json(Map.of("text", "Hello"))).statusCode()).isEqualTo(404);
		assertThat(other.sendJson("PATCH", path, json(Map.of("title", "Mine"))).statusCode()).isEqualTo(404);
		assertThat(other.delete(path).statusCode()).isEqualTo(404);
		assertThat(read(other.get(CONVERSATIONS)).toString()).doesNotContain(id(conversation));
		assertThat(find(conversation).path("title").asString()).isEqualTo("Tell me a joke");
	}

	@Test
	void conversationsAreListedSearchedRenamedAndDeleted() {
		String word = "w" + UUID.randomUUID().toString().substring(0, 8);
		JsonNode first = start("First " + word);
		JsonNode second = start("Second " + word.toUpperCase(Locale.ROOT));
		assertThat(titles(word)).containsExactly("Second " + word.toUpperCase(Locale.ROOT), "First " + word);
		assertThat(this.sample.sendJson("PATCH", CONVERSATIONS + "/" + id(first), json(Map.of("title", "100%")))
			.statusCode()).isEqualTo(200);
		// the question still contains the word
		assertThat(titles(word)).contains("100%");
		assertThat(titles("0%")).containsExactly("100%");
		awaitState(first, "completed");
		assertThat(this.sample.delete(CONVERSATIONS + "/" + id(first)).statusCode()).isEqualTo(204);
		assertThat(titles(word)).hasSize(1);
		assertThat(this.sample.get(CONVERSATIONS + "/" + id(first)).statusCode()).isEqualTo(404);
		awaitState(second, "completed");
	}

	@Test
	void deletedConversationCancelsItsAnswer() {
		JsonNode conversation = start("HANG");
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.emulator.jobs().size() == 1);
		this.sample.delete(CONVERSATIONS + "/" + id(conversation));
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> onlyJob().state().equals("canceled"));
	}

	@Test
	void modelsAreTheEndpointsThatCanChat() {
		JsonNode models = read(this.sample.get("/api/chat/models"));
		assertThat(models.valueStream().map((model) -> model.path("name").asString())).contains("llama3_8b_chat")
			.doesNotContain("z_image_turbo");
		assertThat(models.get(0).path("workers").asInt()).isPositive();
	}

	@Test
	void answerIsCopiedWhenItsTaskHasEndedAndNotOnlyWhenItIsRead() {
		JsonNode conversation = start("Tell me a joke");
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.jdbc.sql("select state from message where id = ?")
				.param(answerId(conversation))
				.query(String.class)
				.single()
				.equals("completed"));
		this.tasks.find(AkiTaskQuery.all().states(AkiTaskState.COMPLETED))
			.tasks()
			.forEach((task) -> this.tasks.delete(task.id()));
		assertThat(answer(find(conversation)).path("text").asString()).isNotBlank();
	}

	@Test
	void requestIdsOfOthersAndOfOtherConversationsAreNoRepetition() {
		String requestId = UUID.randomUUID().toString();
		JsonNode conversation = start("Tell me a joke", Map.of("request_id", requestId));
		awaitState(conversation, "completed");
		SampleClient other = new SampleClient(this.port, "other");
		HttpResponse<String> response = other.postJson(CONVERSATIONS,
				json(Map.of("text", "Hello", "request_id", requestId)));
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(response.body()).doesNotContain("joke");
		JsonNode second = start("Another one");
		awaitState(second, "completed");
		assertThat(this.sample
			.postJson(CONVERSATIONS + "/" + id(second) + "/messages",
					json(Map.of("text", "Hello", "request_id", requestId)))
			.statusCode()).isEqualTo(409);
	}

	@Test
	void requestIdWithASlashIsRefused() {
		String requestId = UUID.randomUUID().toString();
		SampleClient owner = new SampleClient(this.port, "a/b");
		JsonNode conversation = read(
				owner.postJson(CONVERSATIONS, json(Map.of("text", "Tell me a joke", "request_id", requestId))));
		HttpResponse<String> response = new SampleClient(this.port, "a").postJson(CONVERSATIONS,
				json(Map.of("text", "Hello", "request_id", "b/" + requestId)));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
		assertThat(read(response).path("detail").asString())
			.isEqualTo("requestId must have 20 to 100 characters: the letters A to Z, digits and hyphens");
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> answer(read(owner.get(CONVERSATIONS + "/" + id(conversation)))).path("state")
				.asString()
				.equals("completed"));
		for (String path : List.of("/messages", "/messages/" + message(conversation, 0).path("id").asString())) {
			assertThat(owner
				.sendJson(path.equals("/messages") ? "POST" : "PUT", CONVERSATIONS + "/" + id(conversation) + path,
						json(Map.of("text", "Hello", "request_id", "b/" + requestId)))
				.statusCode()).isEqualTo(400);
		}
	}

	@Test
	void unusableQuestionsAreRefused() {
		for (String body : List.of("{}", "{\"text\": \" \"}", json(Map.of("text", "x".repeat(20_001))),
				json(Map.of("text", "Hello", "temperature", 3)))) {
			assertThat(this.sample.postJson(CONVERSATIONS, body).statusCode()).as(body).isEqualTo(400);
		}
		assertThat(this.sample.get(CONVERSATIONS + "/nothing").statusCode()).isEqualTo(404);
		assertThat(this.emulator.jobs()).isEmpty();
	}

	private JsonNode start(String text) {
		return start(text, Map.of());
	}

	private JsonNode start(String text, Map<String, ?> settings) {
		Map<String, Object> body = new HashMap<>(settings);
		body.put("text", text);
		HttpResponse<String> response = this.sample.postJson(CONVERSATIONS, json(body));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		return read(response);
	}

	private JsonNode ask(JsonNode conversation, String text) {
		HttpResponse<String> response = this.sample.postJson(CONVERSATIONS + "/" + id(conversation) + "/messages",
				json(Map.of("text", text)));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		return read(response);
	}

	private JsonNode find(JsonNode conversation) {
		return read(this.sample.get(CONVERSATIONS + "/" + id(conversation)));
	}

	private List<String> titles(String query) {
		return read(this.sample.get(CONVERSATIONS, "query=" + query)).valueStream()
			.map((conversation) -> conversation.path("title").asString())
			.toList();
	}

	private void awaitState(JsonNode conversation, String state) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(answer(find(conversation)).path("state").asString()).isEqualTo(state));
	}

	private static String id(JsonNode conversation) {
		return conversation.path("id").asString();
	}

	private static String messages(JsonNode conversation) {
		return CONVERSATIONS + "/" + id(conversation) + "/messages/";
	}

	private static String events(JsonNode conversation) {
		return messages(conversation) + answerId(conversation) + "/events";
	}

	private static JsonNode message(JsonNode conversation, int position) {
		return conversation.path("messages").path(position);
	}

	private static JsonNode answer(JsonNode conversation) {
		return message(conversation, conversation.path("messages").size() - 1);
	}

	private static String answerId(JsonNode conversation) {
		return answer(conversation).path("id").asString();
	}

	private static Event last(List<Event> events) {
		return events.get(events.size() - 1);
	}

	private static String text(List<Event> events, String name) {
		return events.stream()
			.filter((event) -> event.name().equals(name))
			.map((event) -> event.data().path("text").asString())
			.collect(Collectors.joining());
	}

	private AkiEmulatorJob onlyJob() {
		assertThat(this.emulator.jobs()).hasSize(1);
		return this.emulator.jobs().get(0);
	}

	private List<Map<String, Object>> requests() {
		return this.emulator.requests()
			.stream()
			.map((request) -> request.params())
			.filter((params) -> params.containsKey("chat_context"))
			.toList();
	}

	private static Object messages(Map<String, Object> params) {
		return JsonMapper.shared().readValue(String.valueOf(params.get("chat_context")), List.class);
	}

	private static JsonNode read(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	private static String json(Map<String, ?> values) {
		return JsonMapper.shared().writeValueAsString(values);
	}

}
