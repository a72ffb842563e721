package io.aki.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.aki.client.ScriptedServer.Reply;
import io.aki.secrets.TestKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestLog}.
 */
@Timeout(60)
class RequestLogTests {

	private static final String OK = "{\"success\": true, \"job_id\": \"job#1\", \"text\": \"so be it\"}";

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "Hello");

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.aki.client.requests");

	private final RecordingAppender appender = new RecordingAppender();

	@AutoClose
	private final ScriptedServer server = new ScriptedServer();

	@BeforeEach
	void record() {
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void detach() {
		this.logger.detachAppender(this.appender);
	}

	@Test
	void nothingIsLoggedByDefault() {
		this.server.json(OK);
		try (AkiClient client = this.server.client().build()) {
			client.doApiRequest(PARAMS).orThrow();
		}
		assertThat(this.appender.events).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void requestAndResponseAreLoggedWithEveryEngine(Engine engine) throws Exception {
		this.server.json(OK);
		var requestFactory = engine.requestFactory();
		try (AkiClient client = this.server.client()
			.restClientBuilder(RestClient.builder().requestFactory(requestFactory))
			.requestLogging(AkiRequestLogging.BODIES)
			.build()) {
			client.doApiRequest(PARAMS).orThrow();
		}
		finally {
			requestFactory.destroy();
		}
		assertThat(this.appender.events).extracting(ILoggingEvent::getLevel).containsOnly(Level.INFO);
		assertThat(messages()).hasSize(2);
		assertThat(messages().get(0)).startsWith("Request ")
			.contains(": POST " + this.server.url() + "/api/call/llama3_8b_chat, headers: {")
			.containsPattern("(?i)content-type=\\[application/json\\]")
			.contains("body: {\"prompt_input\":\"Hello\"")
			.contains("\"key\":\"***\"");
		assertThat(messages().get(1)).startsWith(messages().get(0).split(":")[0].replace("Request", "Response") + ": ")
			.containsPattern(": 200 OK after \\d+ ms, headers: \\{")
			.contains("body: {\"success\":true,\"job_id\":\"job#1\",\"text\":\"so be it\"}");
	}

	@Test
	void bodiesAreNotLoggedWithHeaders() {
		this.server.reply(Reply.json(200, OK).with("X-Trace", "abc").with("Set-Cookie", "session=1234"));
		try (AkiClient client = this.server.client().requestLogging(AkiRequestLogging.HEADERS).build()) {
			client.doApiRequest(PARAMS).orThrow();
			client.getEndpointList("other-key-12");
		}
		assertThat(messages()).hasSize(4);
		assertThat(String.join("\n", messages())).doesNotContain("Hello", "so be it", "1234", "other-key-12")
			.containsPattern("(?i)x-trace=\\[abc\\]")
			.containsPattern("(?i)set-cookie=\\[\\*\\*\\*\\]")
			.contains("GET " + this.server.url() + "/api/endpoints?key=***,");
	}

	@Test
	void pollsAreLogged() {
		this.server.json("{\"success\": true, \"job_id\": \"job#1\"}")
			.json("{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"success\": true, \"text\": \"x\"}}");
		try (AkiClient client = this.server.client().requestLogging(AkiRequestLogging.BODIES).build()) {
			client.doApiRequestAwait(PARAMS).orThrow();
		}
		assertThat(messages()).hasSize(4);
		assertThat(messages().get(2)).contains("/api/progress/llama3_8b_chat", "\"job_id\":\"job#1\"");
	}

	@Test
	void failureToGetAResponseIsLogged() {
		String url = this.server.url();
		this.server.close();
		try (AkiClient client = this.server.client()
			.retry(new AkiRetryPolicy(1, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.requestLogging(AkiRequestLogging.HEADERS)
			.build()) {
			assertThat(client.doApiRequest(PARAMS).success()).isFalse();
		}
		assertThat(messages()).hasSize(2);
		assertThat(messages().get(0)).contains("POST " + url);
		assertThat(messages().get(1))
			.containsPattern("Response \\d+: none after \\d+ ms, The server cannot be reached");
	}

	@Test
	void pageThatIsNotJsonIsLoggedWithItsText() {
		this.server.reply(Reply.of(502, "text/html", "<html><body><p>Bad\ngateway</p></body></html>"));
		try (AkiClient client = this.server.client().requestLogging(AkiRequestLogging.BODIES).build()) {
			assertThat(client.doApiRequest(PARAMS).success()).isFalse();
		}
		assertThat(messages().get(1)).contains(": 502 Bad Gateway after ").endsWith("not the API's JSON: Bad gateway");
	}

	@Test
	void binaryDataAndLongTextsAreShortened() {
		String base64 = "QUJD".repeat(1000);
		String words = "lorem ipsum ".repeat(1000);
		this.server.json("{\"success\": true, \"job_id\": \"job#1\", \"images\": [\"data:image/png;base64," + base64
				+ "\"], \"audio\": \"" + base64 + "\", \"text\": \"" + words + "\"}");
		try (AkiClient client = this.server.client().requestLogging(AkiRequestLogging.BODIES).build()) {
			client
				.doApiRequest(Map.of("image", new AkiBinary("png", new byte[3000]), "chat_context",
						List.of(Map.of("role", "user", "content", AkiClient.encodeBinary(new byte[3000], "png")))))
				.orThrow();
		}
		assertThat(messages().get(0)).contains("\"image\":\"data:", ";base64,… (40", "… (4000 characters of base64)")
			.doesNotContain("AAAAAAAA")
			.hasSizeLessThan(1000);
		assertThat(messages().get(1)).contains("[\"data:image/png;base64,… (4022 characters)\"]")
			.contains("\"audio\":\"… (4000 characters of base64)\"")
			.contains("lorem ipsum l", "… (12000 characters)")
			.hasSizeLessThan(2000);
	}

	@Test
	void bodyIsBounded() {
		StringBuilder names = new StringBuilder();
		for (int i = 0; i < 5000; i++) {
			names.append(", \"name").append(i).append("\": ").append(i);
		}
		this.server.json("{\"success\": true, \"text\": \"x\"" + names + "}");
		try (AkiClient client = this.server.client().requestLogging(AkiRequestLogging.BODIES).build()) {
			client.doApiRequest(PARAMS).orThrow();
		}
		assertThat(messages().get(1)).containsPattern("… \\(\\d{5} characters\\)$").hasSizeBetween(10_000, 10_500);
	}

	/**
	 * All log events are also searched for the key by
	 * {@link io.aki.secrets.KeyLeakWatch}.
	 */
	@ParameterizedTest
	@EnumSource
	void echoedKeyIsMasked(Echo echo) {
		this.server.on((request) -> echo.reply(request.body()));
		try (AkiClient client = this.server.client()
			.apiKey(TestKeys.STRANGE)
			.retry(new AkiRetryPolicy(1, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.requestLogging(AkiRequestLogging.BODIES)
			.build()) {
			client.doApiRequest(Map.of("prompt_input", "My key is " + TestKeys.STRANGE));
			client.getEndpointList();
			client.initApiKey();
		}
		assertThat(messages()).hasSizeGreaterThanOrEqualTo(6)
			.anySatisfy((message) -> assertThat(message).contains("***"));
		for (String form : TestKeys.forms(TestKeys.STRANGE)) {
			assertThat(String.join("\n", messages())).doesNotContain(form);
		}
	}

	@Test
	void secretsOfTheServerAreNotShown() {
		String text = new LoggedBody(new KeyMask("abcdefghij")).write(Map.of("auth", "secret1", "auth_key", "secret2",
				"client_session_auth_key", "secret3", "key", "secret4"));
		assertThat(text).doesNotContain("secret");
	}

	@Test
	void lineSeparatorsOfUnicodeAreNotShown() {
		this.server.json("{\"success\": true, \"job_id\": \"job#1\", \"text\": \"a\\u2028b\\u0085c\\u202ed\"}");
		try (AkiClient client = this.server.client().requestLogging(AkiRequestLogging.BODIES).build()) {
			client.doApiRequest(PARAMS).orThrow();
		}
		assertThat(messages().get(1)).contains("\"text\":\"a b c d\"");
	}

	@Test
	void keyAtTheEndOfASearchedTextIsNotShownInPart() {
		for (int length = 990; length < 1010; length++) {
			String text = new LoggedBody(new KeyMask("abcdefghij"))
				.write(Map.of("text", " ".repeat(length - 5) + "abcdefghij" + " ".repeat(60_000)));
			assertThat(text).doesNotContain("abc").contains("characters)");
		}
	}

	private List<String> messages() {
		return this.appender.events.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	/**
	 * Where a server repeats the key.
	 */
	enum Echo {

		ERROR, RESULT, NAME, HEADER, PAGE, LONG_TEXT;

		Reply reply(String body) {
			String json = ScriptedServer.JSON.writeValueAsString(TestKeys.STRANGE + " of " + body);
			String key = ScriptedServer.JSON.writeValueAsString(TestKeys.STRANGE);
			return switch (this) {
				case ERROR -> Reply.json(400, "{\"error\": " + json + "}");
				case RESULT -> Reply.json(200, "{\"success\": true, \"text\": [{\"x\": " + json + "}]}");
				case NAME -> Reply.json(200, "{\"success\": true, " + key + ": 1}");
				case HEADER -> Reply.json(200, "{\"success\": true, \"text\": \"x\"}").with("X-Echo", TestKeys.STRANGE);
				case PAGE -> Reply.of(500, "text/plain", TestKeys.STRANGE);
				case LONG_TEXT -> Reply.json(200, "{\"success\": true, \"text\": \"" + "x ".repeat(40_000)
						+ key.substring(1, key.length() - 1) + "\"}");
			};
		}

	}

	private static final class RecordingAppender extends AppenderBase<ILoggingEvent> {

		private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			this.events.add(event);
		}

	}

}
