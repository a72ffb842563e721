package io.aki.sample;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorCustomizer;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the files of questions over HTTP.
 */
@SampleTest
@Import({ TestUsers.class, AttachmentTests.VisionChat.class })
class AttachmentTests {

	private static final String CONVERSATIONS = "/api/conversations";

	private static final String ATTACHMENTS = "/api/attachments";

	private static final byte[] PICTURE = picture();

	private final AkiEmulator emulator;

	private final JdbcClient jdbc;

	private final SampleClient sample;

	private final SampleClient other;

	AttachmentTests(@Autowired AkiEmulator emulator, @Autowired JdbcClient jdbc, @LocalServerPort int port) {
		this.emulator = emulator;
		this.jdbc = jdbc;
		this.sample = new SampleClient(port);
		this.other = new SampleClient(port, "other");
	}

	private static byte[] picture() {
		try {
			return new ClassPathResource("picture.png").getContentAsByteArray();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@BeforeEach
	void forgetEarlierJobsAndFiles() {
		this.emulator.reset();
		this.jdbc.sql("delete from attachment where message_id is null").update();
	}

	@Test
	void textIsPartOfTheQuestionForTheModelAlone() {
		String id = upload("notes.md", "# Notes\n```\ncode\n```");
		JsonNode conversation = start(question("Summarize this", id));
		JsonNode asked = conversation.path("messages").path(0);
		assertThat(asked.path("text").asString()).isEqualTo("Summarize this");
		assertThat(asked.path("attachments")).hasSize(1);
		assertThat(asked.path("attachments").path(0).path("name").asString()).isEqualTo("notes.md");
		assertThat(asked.path("attachments").path(0).path("image").toString()).isEqualTo("false");
		awaitEnd(conversation);
		assertThat(texts()).containsExactly("Summarize this\n\nnotes.md:\n````\n# Notes\n```\ncode\n```\n````");
		ask(conversation, question("And now?"), "POST", "/messages");
		awaitEnd(conversation);
		assertThat(texts()).first().asString().startsWith("Summarize this\n\nnotes.md:\n````\n# Notes");
		assertThat(texts()).last().isEqualTo("And now?");
	}

	@Test
	void imageIsSentToAModelThatReadsImages() {
		String id = upload("photo.png", PICTURE);
		JsonNode conversation = start(vision(question("What is this?", id)));
		awaitEnd(conversation);
		assertThat(contents()).singleElement().satisfies(AttachmentTests::isImageWithText);
		JsonNode models = read(this.sample.get("/api/chat/models"));
		assertThat(models.valueStream()
			.filter((model) -> model.path("images").asBoolean())
			.map((model) -> model.path("name").asString())).containsExactly("vision_chat");
	}

	private static void isImageWithText(JsonNode content) {
		assertThat(content).hasSize(2);
		assertThat(content.path(0).path("text").asString()).isEqualTo("What is this?");
		assertThat(content.path(1).path("type").asString()).isEqualTo("image");
		assertThat(content.path(1).path("image").asString())
			.isEqualTo("data:image/png;base64," + Base64.getEncoder().encodeToString(PICTURE));
	}

	@Test
	void modelThatReadsNoImagesIsRefused() {
		String id = upload("photo.png", PICTURE);
		Map<String, Object> question = question("What is this?", id);
		assertThat(refused(this.sample.postJson(CONVERSATIONS, json(question)), 400))
			.isEqualTo("LLama 3.x Chat reads no images. Choose another model or remove the file");
		JsonNode conversation = start(vision(question));
		awaitEnd(conversation);
		this.sample.sendJson("PUT", path(conversation) + "/settings", json(Map.of("endpoint", "llama3_8b_chat")));
		assertThat(refused(this.sample.postJson(path(conversation) + "/messages", json(question("And now?"))), 400))
			.startsWith("LLama 3.x Chat reads no images.")
			.endsWith("an earlier question has an image");
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void fileStaysWithItsQuestionWhenTheAnswerIsWrittenAgain() {
		String id = upload("photo.png", PICTURE);
		JsonNode conversation = start(vision(question("What is this?", id)));
		awaitEnd(conversation);
		String answer = conversation.path("messages").path(1).path("id").asString();
		JsonNode again = read(this.sample.post(path(conversation) + "/messages/" + answer + "/regenerate"));
		assertThat(again.path("messages").path(0).path("attachments").path(0).path("id").asString()).isEqualTo(id);
		awaitEnd(conversation);
		assertThat(this.emulator.jobs()).hasSize(2);
		assertThat(contents()).singleElement().satisfies(AttachmentTests::isImageWithText);
	}

	@Test
	void editKeepsAddsAndRemovesFiles() {
		String kept = upload("kept.txt", "kept");
		String removed = upload("removed.txt", "removed");
		JsonNode conversation = start(question("First", kept, removed));
		awaitEnd(conversation);
		String added = upload("added.txt", "added");
		String asked = conversation.path("messages").path(0).path("id").asString();
		JsonNode edited = ask(conversation, question("Second", added, kept), "PUT", "/messages/" + asked);
		assertThat(edited.path("messages").path(0).path("attachments").valueStream().map((file) -> file.path("id")))
			.extracting(JsonNode::asString)
			.containsExactly(added, kept);
		awaitEnd(conversation);
		assertThat(texts()).containsExactly("Second\n\nadded.txt:\n```\nadded\n```\n\nkept.txt:\n```\nkept\n```");
		assertThat(this.sample.get(ATTACHMENTS + "/" + kept).statusCode()).isEqualTo(200);
		assertThat(this.sample.get(ATTACHMENTS + "/" + removed).statusCode()).isEqualTo(404);
	}

	@Test
	void refusedEditChangesNothing() {
		String id = upload("kept.txt", "kept");
		JsonNode conversation = start(question("First", id));
		awaitEnd(conversation);
		String asked = conversation.path("messages").path(0).path("id").asString();
		HttpResponse<String> response = this.sample.sendJson("PUT", path(conversation) + "/messages/" + asked,
				json(question("Second", upload("photo.png", PICTURE))));
		assertThat(response.statusCode()).isEqualTo(400);
		JsonNode messages = read(this.sample.get(path(conversation))).path("messages");
		assertThat(messages.path(0).path("text").asString()).isEqualTo("First");
		assertThat(messages.path(0).path("attachments").path(0).path("id").asString()).isEqualTo(id);
	}

	@Test
	void repeatedRequestWithAFileAsksOnce() {
		Map<String, Object> question = question("Summarize this", upload("notes.md", "Notes"));
		question.put("request_id", UUID.randomUUID().toString());
		JsonNode conversation = start(question);
		assertThat(start(question).path("id")).isEqualTo(conversation.path("id"));
		awaitEnd(conversation);
		Map<String, Object> next = question("And this", upload("more.md", "More"));
		next.put("request_id", UUID.randomUUID().toString());
		JsonNode first = ask(conversation, next, "POST", "/messages");
		assertThat(ask(conversation, next, "POST", "/messages").path(0)).isEqualTo(first.path(0));
		awaitEnd(conversation);
		assertThat(this.emulator.jobs()).hasSize(2);
	}

	@Test
	void fileBelongsToOneQuestion() {
		String id = upload("notes.md", "Notes");
		awaitEnd(start(question("First", id)));
		assertThat(refused(this.sample.postJson(CONVERSATIONS, json(question("Second", id))), 400))
			.startsWith("A file is no longer available");
		assertThat(refused(this.sample.postJson(CONVERSATIONS, json(question("Third", "unknown"))), 400))
			.startsWith("A file is no longer available");
	}

	@Test
	void filesOfOthersDoNotExist() {
		String id = upload("notes.md", "Notes");
		assertThat(this.other.get(ATTACHMENTS + "/" + id).statusCode()).isEqualTo(404);
		assertThat(this.other.delete(ATTACHMENTS + "/" + id).statusCode()).isEqualTo(204);
		assertThat(refused(this.other.postJson(CONVERSATIONS, json(question("Mine", id))), 400))
			.startsWith("A file is no longer available");
		JsonNode conversation = start(question("Mine", id));
		awaitEnd(conversation);
		assertThat(this.other.get(ATTACHMENTS + "/" + id).statusCode()).isEqualTo(404);
		assertThat(this.sample.get(ATTACHMENTS + "/" + id).body()).isEqualTo("Notes");
	}

	@Test
	void fileIsDeletedWithItsConversation() {
		String id = upload("notes.md", "Notes");
		JsonNode conversation = start(question("Summarize this", id));
		awaitEnd(conversation);
		this.sample.delete(ATTACHMENTS + "/" + id);
		assertThat(this.sample.get(ATTACHMENTS + "/" + id).statusCode()).as("a question has it").isEqualTo(200);
		this.sample.delete(path(conversation));
		assertThat(this.sample.get(ATTACHMENTS + "/" + id).statusCode()).isEqualTo(404);
	}

	@Test
	void fileThatNoQuestionGetsIsDeleted() {
		String removed = upload("removed.txt", "Removed");
		this.sample.delete(ATTACHMENTS + "/" + removed);
		assertThat(this.sample.get(ATTACHMENTS + "/" + removed).statusCode()).isEqualTo(404);
		String old = upload("old.txt", "Old");
		this.jdbc
			.sql("update attachment set created_at = timestamp with time zone '2020-01-01 00:00:00+00' where id = ?")
			.param(old)
			.update();
		String recent = upload("recent.txt", "Recent");
		assertThat(this.sample.get(ATTACHMENTS + "/" + old).statusCode()).isEqualTo(404);
		assertThat(this.sample.get(ATTACHMENTS + "/" + recent).statusCode()).isEqualTo(200);
	}

	@Test
	void filesThatNoQuestionHasAreLimited() {
		String sent = upload("sent.txt", "Sent");
		List<String> unused = IntStream.range(0, 19).mapToObj((number) -> upload(number + ".txt", "Unused")).toList();
		assertThat(refused(post("one-more.txt", "x".getBytes(StandardCharsets.UTF_8)), 429))
			.isEqualTo("You have 20 files that no question uses. Send or remove them; "
					+ "otherwise they are deleted after a day");
		assertThat(this.other.postForm(ATTACHMENTS, "notes.txt", Map.of("file", new byte[] { 'x' })).statusCode())
			.as("another user")
			.isEqualTo(201);
		awaitEnd(start(question("Summarize this", sent)));
		upload("instead-of-the-sent-file.txt", "Unused");
		assertThat(post("one-more.txt", new byte[] { 'x' }).statusCode()).isEqualTo(429);
		this.sample.delete(ATTACHMENTS + "/" + unused.get(0));
		upload("instead-of-the-removed-file.txt", "Unused");
	}

	@Test
	void sizeOfFilesThatNoQuestionHasIsLimited() {
		this.jdbc.sql("update attachment set size = ? where id = ?")
			.params(100 * 1024 * 1024 - 5, upload("large.txt", "Large"))
			.update();
		upload("small.txt", "12345");
		assertThat(refused(post("one-more.txt", new byte[] { 'x' }), 429))
			.startsWith("The files that no question uses would have more than 100 MB together. Send or remove them");
	}

	@Test
	void uploadsAtTheSameTimeDoNotExceedTheLimit() {
		IntStream.range(0, 18).forEach((number) -> upload(number + ".txt", "Unused"));
		List<CompletableFuture<Integer>> uploads = IntStream.range(0, 8)
			.mapToObj((number) -> CompletableFuture.supplyAsync(
					() -> post("at-once.txt", new byte[] { 'x' }).statusCode(), (task) -> new Thread(task).start()))
			.toList();
		assertThat(uploads.stream().map(CompletableFuture::join)).filteredOn((status) -> status == 201).hasSize(2);
	}

	@Test
	void fenceIsLongerThanAllBackticksOfAText() {
		String text = "a ` b `````` c ``` d";
		awaitEnd(start(question("", upload("notes.md", text))));
		assertThat(texts()).containsExactly("notes.md:\n```````\n" + text + "\n```````");
	}

	@Test
	void onlyImagesAreShownByTheBrowser() {
		HttpResponse<String> image = this.sample.get(ATTACHMENTS + "/" + upload("photo.html", PICTURE));
		assertThat(header(image, "Content-Type")).isEqualTo("image/png");
		assertThat(header(image, "Content-Disposition")).startsWith("inline; filename=");
		assertThat(header(image, "X-Content-Type-Options")).isEqualTo("nosniff");
		HttpResponse<String> page = this.sample
			.get(ATTACHMENTS + "/" + upload("page.html", "<script>alert(1)</script>"));
		assertThat(header(page, "Content-Type")).isEqualTo("text/plain;charset=UTF-8");
		assertThat(header(page, "Content-Disposition")).startsWith("attachment; filename=");
		assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
	}

	@ParameterizedTest
	@CsvSource({ "png, 89504e470d0a1a0a00", "jpeg, ffd8ffe000", "gif, 47494638396100",
			"webp, 524946460000000057454250" })
	void formatIsThatOfTheContent(String format, String start) {
		JsonNode file = read(post("notes.txt", HexFormat.of().parseHex(start)));
		assertThat(file.path("format").asString()).isEqualTo(format);
		assertThat(file.path("image").asBoolean()).isTrue();
	}

	@Test
	void unusableFilesAreRefused() {
		assertThat(refused(post("photo.png", new byte[] { 1, 2, 0, 3 }), 400))
			.isEqualTo("photo.png is neither a text in UTF-8 nor a PNG, JPEG, WebP or GIF picture");
		assertThat(refused(post("notes.txt", "Köln".getBytes(StandardCharsets.ISO_8859_1)), 400))
			.contains("neither a text in UTF-8");
		assertThat(refused(post("notes.txt", " \n".getBytes(StandardCharsets.UTF_8)), 400))
			.isEqualTo("notes.txt is empty");
		assertThat(refused(post("notes.txt", "x".repeat(20_001).getBytes(StandardCharsets.UTF_8)), 400))
			.isEqualTo("notes.txt has 20001 characters; at most 20000 are allowed");
		assertThat(refused(post("x".repeat(201), new byte[] { 'x' }), 400)).contains("1 to 200 characters");
		assertThat(refused(post("large.png", new byte[10 * 1024 * 1024 + 1]), 413)).contains("10 MB");
	}

	@Test
	void limitsOfAQuestionAreSaid() {
		String[] ids = { upload("1", "1"), upload("2", "2"), upload("3", "3"), upload("4", "4"), upload("5", "5") };
		assertThat(refused(this.sample.postJson(CONVERSATIONS, json(question("Hello", ids))), 400))
			.contains("must be at most 4 files");
		String id = upload("long.txt", "x".repeat(19_990));
		assertThat(refused(this.sample.postJson(CONVERSATIONS, json(question("x".repeat(11), id))), 400))
			.isEqualTo("The question with its files has 20001 characters; at most 20000 are allowed");
		assertThat(refused(this.sample.postJson(CONVERSATIONS, json(question(" "))), 400))
			.isEqualTo("Write a question or attach a file");
		byte[] large = Arrays.copyOf(PICTURE, 6 * 1024 * 1024);
		assertThat(refused(this.sample.postJson(CONVERSATIONS,
				json(vision(question("Hello", upload("a.png", large), upload("b.png", large))))), 413))
			.isEqualTo(
					"The files of the conversation have more than 10 MB together. Remove a file or start a new chat");
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void questionCanBeAFileAlone() {
		JsonNode conversation = start(question("", upload("notes.md", "Notes")));
		assertThat(conversation.path("title").asString()).isEqualTo("notes.md");
		awaitEnd(conversation);
		assertThat(texts()).containsExactly("notes.md:\n```\nNotes\n```");
	}

	@Test
	void nameHasNoPath() {
		JsonNode file = read(post("C:/private/photo.png", PICTURE));
		assertThat(file.path("name").asString()).isEqualTo("photo.png");
	}

	private String upload(String name, String text) {
		return upload(name, text.getBytes(StandardCharsets.UTF_8));
	}

	private String upload(String name, byte[] data) {
		HttpResponse<String> response = post(name, data);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		return read(response).path("id").asString();
	}

	private HttpResponse<String> post(String name, byte[] data) {
		return this.sample.postForm(ATTACHMENTS, name, Map.of("file", data));
	}

	private static Map<String, Object> question(String text, String... attachments) {
		return new HashMap<>(Map.of("text", text, "attachments", attachments));
	}

	private static Map<String, Object> vision(Map<String, Object> question) {
		question.put("endpoint", "vision_chat");
		return question;
	}

	private JsonNode start(Map<String, Object> question) {
		HttpResponse<String> response = this.sample.postJson(CONVERSATIONS, json(question));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
		return read(response);
	}

	private JsonNode ask(JsonNode conversation, Map<String, Object> question, String method, String path) {
		HttpResponse<String> response = this.sample.sendJson(method, path(conversation) + path, json(question));
		assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
		return read(response);
	}

	private static String path(JsonNode conversation) {
		return CONVERSATIONS + "/" + conversation.path("id").asString();
	}

	private void awaitEnd(JsonNode conversation) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> read(this.sample.get(path(conversation))).path("messages")
				.valueStream()
				.allMatch((message) -> message.path("state").asString().equals("completed")));
	}

	/**
	 * Return the user's messages in the last call: texts, or lists of parts.
	 */
	private List<JsonNode> contents() {
		JsonNode messages = JsonMapper.shared()
			.readTree(String.valueOf(this.emulator.lastCall().params().get("chat_context")));
		return messages.valueStream()
			.filter((message) -> message.path("role").asString().equals("user"))
			.map((message) -> message.path("content"))
			.toList();
	}

	private List<String> texts() {
		return contents().stream().map(JsonNode::asString).toList();
	}

	private static String refused(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return read(response).path("detail").asString();
	}

	private static String header(HttpResponse<?> response, String name) {
		return response.headers().firstValue(name).orElse("");
	}

	private static JsonNode read(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	private static String json(Map<String, ?> values) {
		return JsonMapper.shared().writeValueAsString(values);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class VisionChat {

		@Bean
		AkiEmulatorCustomizer visionEndpoint() {
			return (builder) -> builder.endpoint(AkiEmulatorEndpoint.chat("vision_chat").media("image"));
		}

	}

}
