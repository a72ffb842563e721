package io.aki.client;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.ScriptedServer.Reply;
import io.aki.client.ScriptedServer.Request;
import io.aki.client.json.ApiJson;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests how the client interprets responses that are unusual but valid.
 */
@Timeout(60)
class ResponseMeaningTests {

	private static final String ACCEPTED = "{\"success\": true, \"job_id\": \"j#1\"}";

	private static final String RUNNING = "{\"success\": true, \"job_state\": \"processing\", \"progress\": {\"progress\": 50}}";

	private static final String DONE = "{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"success\": true, \"text\": \"end\"}}";

	private static final String CANCELED = "{\"success\": true, \"job_state\": \"canceled\"}";

	private static final String UNKNOWN_JOB = "{\"success\": false, \"error\": [\"Client has no active request with this job id j#1\"]}";

	@AutoClose
	private final ScriptedServer server = new ScriptedServer();

	@AutoClose
	private final AkiClient client = this.server.client().retry(AkiRetryPolicy.none()).build();

	@ParameterizedTest
	@CsvSource({ "canceled,200", "canceled,400", "lapsed,200", "lapsed,400" })
	void canceledAndLapsedAreFinalWhateverElseTheResponseCarries(String state, int status) {
		this.server.json(ACCEPTED)
			.reply(status,
					"{\"success\": true, \"job_state\": \"" + state
							+ "\", \"progress\": {\"progress\": 40, \"progress_data\": {\"text\": \"so far\"}}}")
			.json(DONE);
		AkiResult result = this.client.doApiRequestAwait(Map.of());
		assertThat(result.success()).isFalse();
		assertThat(result.jobState().value()).isEqualTo(state);
		assertThat(result.text()).as("partial results are kept").isEqualTo("so far");
		assertThat(result.get("job_state")).isEqualTo(state);
		assertThat(this.server.requests()).hasSize(2);
	}

	@Test
	void partialResultsOfEarlierPollsAreKeptForALapsedJob() {
		this.server.json(ACCEPTED)
			.json("{\"job_state\": \"processing\", \"progress\": {\"progress_data\": {\"text\": \"so far\"}}}")
			.json("{\"job_state\": \"lapsed\", \"progress\": {\"progress\": 40, \"progress_data\": {}}}");
		AkiResult result = this.client.doApiRequestAwait(Map.of());
		assertThat(result.jobState()).isEqualTo(AkiJobState.LAPSED);
		assertThat(result.text()).isEqualTo("so far");
	}

	@Test
	void doneWithProgressIsNotFinal() {
		this.server.json(ACCEPTED)
			.json("{\"success\": true, \"job_state\": \"done\", \"progress\": {\"progress\": 100}}")
			.json(DONE);
		assertThat(this.client.doApiRequestAwait(Map.of()).text()).isEqualTo("end");
	}

	@Test
	void doneWithProgressAndAResultIsFinal() {
		this.server.json(ACCEPTED)
			.json("{\"job_state\": \"done\", \"progress\": {\"progress\": 100}, \"job_result\": {\"text\": \"end\"}}");
		assertThat(this.client.doApiRequestAwait(Map.of()).text()).isEqualTo("end");
		assertThat(this.server.requests()).hasSize(2);
	}

	@Test
	void status402OfAPollMeansThatTheJobIsNotKnown() {
		this.server.json(ACCEPTED).json(RUNNING).reply(402, UNKNOWN_JOB);
		assertUnknownJob(this.client.doApiRequestAwait(Map.of()));
		assertUnknownJob(this.client.resume("j#1").result().join());
		assertUnknownJob(this.client.cancelRequest("j#1"));
	}

	private static void assertUnknownJob(AkiResult result) {
		assertThat(result.error()).startsWith("Client has no active request with this job id j#1. ")
			.contains("does not know the job (any more)", "fetched", "expired", "resume(\"j#1\")");
		assertThat(result.errorCode()).isEqualTo(402);
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(result::orThrow)
			.satisfies((ex) -> assertThat(ex.errorCode()).isEqualTo(402));
	}

	@Test
	void status402OfAStartMeansThatTheKeyHasNoPermission() {
		this.server.reply(402, "{\"success\": false, \"error\": \"Key not authorised for this endpoint\"}");
		for (AkiResult result : List.of(this.client.doApiRequest(Map.of()), this.client.doApiRequestAwait(Map.of()))) {
			assertThat(result.error()).isEqualTo("Key not authorised for this endpoint");
			assertThatExceptionOfType(AkiPermissionException.class).isThrownBy(result::orThrow);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "NaN", "Infinity", "-Infinity" })
	void progressThatIsNoNumberIsUnknown(String number) {
		this.server.json(ACCEPTED)
			.json(RUNNING.replace("50",
					number + ", \"queue_position\": " + number + ", \"estimate\": " + number
							+ ", \"progress_data\": {\"loss\": " + number + "}"))
			.json(DONE);
		List<AkiProgress> reports = new ArrayList<>();
		AkiResult result = this.client.doApiRequest(Map.of(), (info, data) -> reports.add(new AkiProgress(info, data)));
		assertThat(result.text()).isEqualTo("end");
		assertThat(this.server.requests()).as("no poll had to be repeated").hasSize(3);
		AkiProgress report = reports.get(1);
		assertThat(report.info())
			.isEqualTo(new AkiProgressInfo("j#1", -1, -1, -1, AkiJobState.RUNNING, "processing", true));
		assertThat(report.data().get("loss")).isEqualTo(Double.valueOf(number));
		assertThat(ScriptedServer.JSON.writeValueAsString(report.data())).isEqualTo("{\"loss\":null}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "NaN", "Infinity", "-Infinity" })
	void resultWithAValueThatIsNoNumberIsNotLost(String number) {
		String result = "{\"success\": true, \"text\": \"end\", \"score\": " + number + ", \"scores\": [1.5, " + number
				+ "], \"num_generated_tokens\": " + number + ", \"total_duration\": " + number + "}";
		this.server.json(result);
		assertNoNumber(this.client.doApiRequest(Map.of()), number);
		this.server.json(ACCEPTED).json(DONE.replaceFirst("\\{\"success\": true, \"text\": \"end\"}", result));
		this.client.doApiRequest(Map.of());
		assertNoNumber(this.client.resume("j#1").result().join(), number);
	}

	private static void assertNoNumber(AkiResult result, String number) {
		assertThat(result.success()).isTrue();
		assertThat(result.text()).isEqualTo("end");
		assertThat(result.get("score")).isEqualTo(Double.valueOf(number));
		assertThat(result.numGeneratedTokens()).isNull();
		assertThat(result.totalDuration()).isNull();
		JsonNode json = ScriptedServer.JSON.readTree(ScriptedServer.JSON.writeValueAsString(result));
		assertThat(json.get("score").isNull()).isTrue();
		assertThat(json.get("scores")).hasToString("[1.5,null]");
	}

	@Test
	void aTextThatIsNoNumberIsNotValidJson() {
		assertThat(AkiClient.checkIfValidJsonString("NaN")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "0", "0.0", "{}", "[]", "[\"\"]", "[null, false]", "\" \"", "\"\"", "null" })
	void anErrorThatSaysNothingIsNoFailure(String error) {
		String body = "{\"success\": true, \"job_id\": \"j#1\", \"text\": \"end\", \"error\": " + error + "}";
		this.server.json(body)
			.json("{\"success\": true, \"job_id\": \"j#1\", \"error\": " + error + "}")
			.json("{\"job_state\": \"done\", \"error\": " + error + ", \"job_result\": " + body + "}");
		assertEnd(this.client.doApiRequest(Map.of()));
		assertEnd(this.client.doApiRequestAwait(Map.of()));
		assertThat(this.server.requests()).hasSize(3);
	}

	private static void assertEnd(AkiResult result) {
		assertThat(result.error()).isNull();
		assertThat(result.success()).isTrue();
		assertThat(result.text()).isEqualTo("end");
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "0", "{}", "[\"\"]", "null" })
	void anErrorThatSaysNothingIsNotTheTextOfAFailure(String error) {
		this.server.json("{\"success\": false, \"error\": " + error + ", \"message\": \"Out of memory\"}");
		assertThat(this.client.doApiRequest(Map.of()).error()).isEqualTo("Out of memory");
	}

	@ParameterizedTest
	@CsvSource({ "200,AkiJobFailedException", "429,AkiRateLimitException", "500,AkiServerException",
			"503,AkiServerException" })
	void aStartThatFailsButNamesAJobCancelsTheJob(int status, String exception) {
		this.server.reply(status, "{\"success\": true, \"error\": \"Overloaded\", \"job_id\": \"j#1\"}").json(CANCELED);
		AkiResult result = this.client.mutate()
			.retry(AkiRetryPolicy.DEFAULT)
			.build()
			.doApiRequestAwait(Map.of("prompt", "x"));
		assertThat(result.error()).startsWith("Overloaded. ").endsWith("job j#1, which was canceled");
		assertThat(result.errorCode()).isEqualTo((status >= 400) ? status : null);
		assertThat(result.jobId()).isEqualTo("j#1");
		assertThat(result.jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThatExceptionOfType(AkiException.class).isThrownBy(result::orThrow)
			.satisfies((ex) -> assertThat(ex.getClass().getSimpleName()).isEqualTo(exception));
		assertStartAndCancel();
	}

	@Test
	void aBlockingCallThatFailsButNamesAJobCancelsTheJob() {
		this.server.reply(503, "{\"success\": false, \"error\": \"Overloaded\", \"job_id\": \"j#1\"}").json(CANCELED);
		AkiResult result = this.client.mutate()
			.retry(AkiRetryPolicy.DEFAULT)
			.build()
			.doApiRequest(Map.of("prompt", "x"));
		assertThat(result.error()).startsWith("Overloaded. ").endsWith("job j#1, which was canceled");
		assertThat(result.errorCode()).isEqualTo(503);
		assertThat(result.jobId()).isEqualTo("j#1");
		assertStartAndCancel();
	}

	private void assertStartAndCancel() {
		assertThat(this.server.requests()).extracting(Request::path)
			.containsExactly("/api/call/llama3_8b_chat", "/api/progress/llama3_8b_chat");
		assertThat(this.server.requests().get(1).json())
			.isEqualTo(Map.of("key", "test-key", "job_id", "j#1", "cancel", true));
	}

	@Test
	void aJobOfAFailedStartThatCannotBeCanceledIsNamed() {
		this.server.on((request) -> Reply.json(503, request.path().startsWith("/api/call/")
				? "{\"error\": \"Overloaded\", \"job_id\": \"j#1\"}" : "{\"error\": \"Away\"}"));
		for (AkiResult result : List.of(this.client.doApiRequestAwait(Map.of()), this.client.doApiRequest(Map.of()))) {
			assertThat(result.error()).startsWith("Overloaded. ")
				.contains("job j#1, but did not confirm its cancel", "resume(\"j#1\")");
			assertThat(result.jobId()).isEqualTo("j#1");
			assertThat(result.errorCode()).isEqualTo(503);
		}
		assertThat(this.server.requests()).as("one attempt to cancel each").hasSize(4);
	}

	@Test
	void aResultThatTheCancelOfAFailedStartBringsIsNotThrownAway() {
		this.server.reply(503, "{\"error\": \"Overloaded\", \"job_id\": \"j#1\"}")
			.json(DONE)
			.reply(503, "{\"error\": \"Overloaded\", \"job_id\": \"j#1\"}")
			.json(DONE);
		assertEnd(this.client.doApiRequestAwait(Map.of()));
		assertEnd(this.client.doApiRequest(Map.of()));
	}

	@Test
	void aWorkersErrorOfABlockingCallNeedsNoCancel() {
		this.server.json("{\"success\": true, \"job_id\": \"j#1\", \"error\": \"CUDA out of memory\"}");
		assertThat(this.client.doApiRequest(Map.of()).error()).isEqualTo("CUDA out of memory");
		assertThat(this.server.requests()).hasSize(1);
	}

	@Test
	void numbersOfAResultAreWrittenAsTheServerWroteThem() {
		String json = "{\"success\":true,\"job_id\":\"j#1\",\"timestamp\":1795560282.29,\"list\":[10000000.0,-12345678.5,"
				+ "0.00001,100.0,0.415,7,12345678901234567890],\"huge\":1.0E300,\"tiny\":1.0E-9}";
		this.server.json(json);
		AkiResult result = this.client.doApiRequest(Map.of());
		assertThat(ScriptedServer.JSON.writeValueAsString(result)).isEqualTo(json);
		assertThat(ApiJson.writeString(result.asMap())).isEqualTo(json);
		assertThat(ScriptedServer.JSON.<JsonNode>valueToTree(result)).isEqualTo(ScriptedServer.JSON.readTree(json));
	}

	@Test
	void numbersOfARequestAreWrittenPlainly() {
		Map<String, Object> params = new LinkedHashMap<>();
		params.put("time", 1795560282.29);
		params.put("seed", 1e7);
		params.put("rate", 0.00001);
		params.put("float", 2.5e7f);
		params.put("decimal", new BigDecimal("1E+7"));
		params.put("temperature", 0.7);
		params.put("chat_context", List.of(Map.of("time", 1795560282.29)));
		params.put("record", new Timed(1795560282.29, 2e7, 1e7f, 0.1f));
		this.server.json("{\"success\": true, \"text\": \"end\"}");
		this.client.doApiRequest(params);
		assertThat(this.server.requests().get(0).body()).contains("\"time\":1795560282.29", "\"seed\":10000000.0",
				"\"rate\":0.00001", "\"float\":25000000.0", "\"decimal\":10000000", "\"temperature\":0.7",
				"[{\\\"time\\\":1795560282.29}]", "\\\"time\\\":1795560282.29", "\\\"boxed\\\":20000000.0",
				"\\\"single\\\":10000000.0", "\\\"tenth\\\":0.1}");
	}

	@ParameterizedTest
	@CsvSource({ "/a%20b,/a%20b", "/a%20b/api/,/a%20b", "/%C3%A4,/%C3%A4", "/a+b;c=d,/a+b;c=d" })
	void theApiServerIsEncodedOnce(String path, String sent) {
		this.server.on((request) -> Reply.json(200, "{\"success\": true, \"text\": \"end\", \"endpoints\": []}"));
		AkiClient client = this.server.client().apiServer(this.server.url() + path).build();
		assertThat(client.doApiRequest(Map.of()).success()).isTrue();
		assertThat(client.getEndpointList().success()).isTrue();
		assertThat(this.server.requests()).extracting(Request::path)
			.containsExactly(sent + "/api/call/llama3_8b_chat", sent + "/api/endpoints");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a%2Fb", "/%7Bendpoint%7D", "/a%3Fb", "/a%23b", "/100%25", "/a%zz" })
	void anApiServerThatCannotBeSentAsWrittenIsRefused(String path) {
		assertThatExceptionOfType(AkiSettingException.class)
			.isThrownBy(() -> this.server.client().apiServer(this.server.url() + path).build())
			.satisfies((ex) -> assertThat(ex.setting()).isEqualTo("apiServer"));
	}

	record Timed(double time, Double boxed, float single, float tenth) {

	}

}
