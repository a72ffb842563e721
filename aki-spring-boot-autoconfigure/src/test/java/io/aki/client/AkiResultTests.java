package io.aki.client;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiResult}.
 */
class AkiResultTests {

	private static final AkiToolCall WEATHER = new AkiToolCall(null, "weather", Map.of("city", "Berlin"));

	@Test
	void answerIsTheTextWithoutTheReasoningInEachOutputFormat() {
		try (AkiEmulator emulator = AkiEmulator.builder().pace(100).build();
				AkiClient aki = AkiClient.builder()
					.apiServer(emulator.apiServer())
					.apiKey(emulator.apiKey())
					.endpoint("llama3_8b_chat")
					.build()) {
			emulator.replies().add(AkiEmulatorReply.text("It is 42.").thinking("Let me see.").always());
			AkiParameters.Chat chat = AkiParameters.chat().user("What is it?");
			AkiResult chatml = aki.doApiRequest(chat).orThrow();
			assertThat(chatml.text()).isEqualTo("<think>Let me see.</think>\n\nIt is 42.");
			for (AkiResult result : List.of(chatml, aki.doApiRequest(chat.outputFormat("json")).orThrow())) {
				assertThat(result.answer()).isEqualTo("It is 42.");
				assertThat(result.thinking()).isEqualTo("Let me see.");
			}
		}
	}

	@Test
	void reasoningThatNeverEndsLeavesAnEmptyAnswer() {
		AkiResult result = AkiResult.of(Map.of("success", true, "text", "<think>Let me"));
		assertThat(result.answer()).isEmpty();
		assertThat(result.thinking()).isEqualTo("Let me");
		assertThat(result.text()).isEqualTo("<think>Let me");
	}

	@Test
	void resultWithoutTextHasNoAnswer() {
		AkiResult result = AkiResult.of(Map.of("success", true, "images", List.of()));
		assertThat(result.answer()).isNull();
		assertThat(result.thinking()).isNull();
	}

	static Stream<Object> formsOfToolCalls() {
		Map<String, Object> call = Map.of("name", "weather", "arguments", Map.of("city", "Berlin"));
		return Stream.of(List.of(call), call, Map.of("name", "weather", "parameters", Map.of("city", "Berlin")),
				List.of(Map.of("name", "weather", "arguments", "{\"city\": \"Berlin\"}")),
				List.of(Map.of("type", "function", "function", call)), List.of(Map.of("type", "function", "function",
						Map.of("name", "weather", "arguments", "{\"city\":\"Berlin\"}"))));
	}

	@ParameterizedTest
	@MethodSource("formsOfToolCalls")
	void toolCallsAreReadInEachForm(Object toolCalls) {
		String json = ScriptedServer.JSON.writeValueAsString(toolCalls);
		assertThat(toolCalls(toolCalls)).containsExactly(WEATHER);
		assertThat(toolCalls(json)).containsExactly(WEATHER);
		AkiResult inText = AkiResult
			.of(Map.of("success", true, "text", Map.of("thinking", "", "content", "", "tool_calls", json)));
		assertThat(inText.toolCallList()).containsExactly(WEATHER);
	}

	@Test
	void toolCallHasTheIdAndTheArgumentsThatTheModelSent() {
		List<AkiToolCall> calls = toolCalls("""
				[{"id": "call_1", "type": "function", "function": {"name": "time", "arguments": "{}"}},
				 {"id": 2, "name": "light", "arguments": {"room": null, "level": 7}},
				 {"name": "time"}]""");
		Map<String, Object> light = new LinkedHashMap<>();
		light.put("room", null);
		light.put("level", 7);
		assertThat(calls).containsExactly(new AkiToolCall("call_1", "time", Map.of()),
				new AkiToolCall("2", "light", light), new AkiToolCall(null, "time", Map.of()));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> calls.remove(0));
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> calls.get(1).arguments().clear());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "[]" })
	void noToolCallsAreAnEmptyList(String toolCalls) {
		assertThat(toolCalls(toolCalls)).isEmpty();
		assertThat(AkiResult.of(Map.of("success", true, "text", "Hello")).toolCallList()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			none                                            | a text of 4 characters that is no JSON list
			[{"name": "a"                                   | a text of 13 characters that is no JSON list
			["a"]                                           | an entry that is no object
			[{"name": "a", "arguments": {}}, {"id": "b"}]   | an entry without a name, only [id]
			[{"name": "a", "arguments": "x"}]               | arguments of 'a' that are no JSON object
			[{"name": "a", "arguments": [1]}]               | arguments of 'a' that are no JSON object
			[{"name": "a", "arguments": 7}]                 | arguments of 'a' that are no JSON object
			""")
	void toolCallsThatCannotBeReadAreAFailure(String toolCalls, String reason) {
		AkiResult result = AkiResult.of(Map.of("success", true, "job_id", "job#1", "tool_calls", toolCalls));
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(result::toolCallList)
			.withMessage("The model's tool calls cannot be read: 'tool_calls' contains " + reason + " [job job#1]");
		assertThat(result.toolCalls()).isEqualTo(toolCalls);
	}

	private static List<AkiToolCall> toolCalls(Object toolCalls) {
		return AkiResult.of(Map.of("success", true, "text", "", "tool_calls", toolCalls)).toolCallList();
	}

	@Test
	void publicMapOfEachTranscriptLacksOnlyTheServersInternals() {
		List<String> internal = List.of("auth", "auth_key", "worker_interface_version", "start_time",
				"start_time_compute", "result_received_time");
		int results = 0;
		for (Map.Entry<String, JsonNode> transcript : Transcripts.all().entrySet()) {
			JsonNode body = transcript.getValue().at("/response/body");
			JsonNode result = body.has("job_result") ? body.get("job_result") : body;
			if (!result.isObject() || !transcript.getValue().at("/request/path").stringValue().contains("/call/")
					&& !transcript.getValue().at("/request/path").stringValue().contains("/progress/")) {
				continue;
			}
			Map<String, Object> sent = Transcripts.object(result);
			Map<String, Object> shown = AkiResult.of(sent).toPublicMap();
			assertThat(shown.toString()).as(transcript.getKey())
				.doesNotContain("gpu#", "auth=", "auth_key", "worker_interface_version", "_time");
			sent.keySet().removeAll(internal);
			assertThat(shown.keySet()).as(transcript.getKey()).containsAll(sent.keySet());
			results++;
		}
		assertThat(results).isGreaterThan(20);
	}

	@Test
	void publicMapOfAResultIsWhatTheEndpointReturns() {
		Map<String, Object> sent = Transcripts.response("call blocking");
		assertThat(AkiResult.of(sent).toPublicMap()).containsExactly(Map.entry("success", true),
				Map.entry("job_id", sent.get("job_id")), Map.entry("ep_version", 3),
				Map.entry("text", sent.get("text")), Map.entry("num_generated_tokens", 20),
				Map.entry("model_name", "Llama-3.1-8B-Instruct"), Map.entry("max_seq_len", 65536),
				Map.entry("current_context_length", 40), Map.entry("prompt_length", 20),
				Map.entry("compute_duration", 0.415), Map.entry("total_duration", 0.415));
	}

	@Test
	void publicMapOfAFailureHasTheErrorAndNoInternalsOfTheProgress() {
		try (ScriptedServer server = new ScriptedServer().reply(400,
				"{\"success\": false, \"error\": \"Job x lapsed!\", \"job_state\": \"lapsed\", \"progress\": "
						+ "{\"auth\": \"gpu#0_llm\", \"auth_key\": \"secret\", \"queue_position\": 0, "
						+ "\"progress_data\": {\"text\": \"Once\", \"auth\": \"gpu#0_llm\"}}}");
				AkiClient client = server.client().build()) {
			AkiResult result = client.doApiRequest(AkiParameters.chat().user("Hello"));
			assertThat(result.asMap().toString()).contains("gpu#0_llm", "secret");
			assertThat(result.toPublicMap()).containsEntry("success", false)
				.containsEntry("error", "Job x lapsed!")
				.containsEntry("error_code", 400)
				.containsEntry("progress", Map.of("queue_position", 0, "progress_data", Map.of("text", "Once")));
		}
	}

	@Test
	void publicMapIsUnmodifiableAndHoldsNoOtherFormsOfValues() {
		Map<String, Object> sent = new LinkedHashMap<>();
		sent.put("success", true);
		sent.put("images", List.of("data:image/png;base64,AQID"));
		sent.put("score", Double.NaN);
		sent.put("nested", Map.of("scores", Arrays.asList(1.5, Double.POSITIVE_INFINITY, null)));
		sent.put("tool_calls", "[{\"name\": \"weather\"}]");
		AkiResult result = new AkiResult(sent, new OutputConversion(AkiOutputBinaryFormat.RAW, true), null,
				AkiJobState.DONE);
		Map<String, Object> shown = result.toPublicMap();
		assertThat(shown).containsEntry("images", List.of("data:image/png;base64,AQID"))
			.containsEntry("score", null)
			.containsEntry("nested", Map.of("scores", Arrays.asList(1.5, null, null)))
			.containsEntry("tool_calls", "[{\"name\": \"weather\"}]");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> shown.remove("score"));
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> ((List<?>) shown.get("images")).clear());
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.415", "0.0005", "1795394742.736496", "10000000.0", "-0.00025", "0.0", "1.0E17", "40" })
	void numbersOfThePublicMapAreWrittenAsTheServerDoes(String number) {
		String json = "{\"success\":true,\"value\":" + number + "}";
		try (ScriptedServer server = new ScriptedServer().json(json); AkiClient client = server.client().build()) {
			AkiResult result = client.doApiRequest(AkiParameters.chat().user("Hello"));
			assertThat(ScriptedServer.JSON.writeValueAsString(result.toPublicMap())).isEqualTo(json);
		}
	}

	@ParameterizedTest
	@CsvSource({ "400,AkiBadRequestException", "401,AkiPermissionException", "402,AkiPermissionException",
			"404,AkiServerException", "408,AkiTimeoutException", "409,AkiBadRequestException",
			"413,AkiBadRequestException", "422,AkiBadRequestException", "429,AkiRateLimitException",
			"500,AkiServerException", "503,AkiServerException" })
	void errorCodeOfAMadeUpResultDecidesTheException(int status, String exception) {
		AkiResult result = AkiResult.of(Map.of("success", false, "error", "made up", "error_code", status));
		assertThat(result.success()).isFalse();
		assertThat(result.error()).isEqualTo("made up");
		assertThat(result.errorCode()).isEqualTo(status);
		assertThatExceptionOfType(AkiException.class).isThrownBy(result::orThrow)
			.withMessage("made up [HTTP " + status + "]")
			.satisfies((ex) -> assertThat(ex.getClass().getSimpleName()).isEqualTo(exception))
			.satisfies((ex) -> assertThat(ex.errorCode()).isEqualTo(status));
		assertThat(result.asMap()).containsEntry("error_code", status);
	}

	@Test
	void errorCodeAloneMakesAFailure() {
		AkiResult result = AkiResult.of(Map.of("error_code", 503));
		assertThat(result.success()).isFalse();
		assertThat(result.error()).isNotBlank();
		assertThatExceptionOfType(AkiServerException.class).isThrownBy(result::orThrow);
	}

	@Test
	void errorCodeThatIsNoFailureIsIgnored() {
		AkiResult result = AkiResult.of(Map.of("success", true, "text", "Hello", "error_code", 200));
		assertThat(result.success()).isTrue();
		assertThat(result.errorCode()).isNull();
	}

	@Test
	void madeUpFailureWithoutErrorCodeIsAFailedJob() {
		AkiResult result = AkiResult.of(Map.of("success", false, "error", "made up"));
		assertThat(result.errorCode()).isNull();
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(result::orThrow).withMessage("made up");
	}

	@Test
	void stateOfAMadeUpJobDecidesTheException() {
		assertThatExceptionOfType(AkiCanceledException.class)
			.isThrownBy(AkiResult.of(Map.of("success", false, "error", "canceled", "job_state", "canceled"))::orThrow);
		assertThatExceptionOfType(AkiLapsedException.class)
			.isThrownBy(AkiResult.of(Map.of("success", false, "job_state", "lapsed", "error_code", 400))::orThrow)
			.satisfies((ex) -> assertThat(ex.errorCode()).isEqualTo(400));
		assertThatExceptionOfType(AkiJobFailedException.class)
			.isThrownBy(AkiResult.of(Map.of("success", false, "job_id", "job#1", "error_code", 402))::orThrow)
			.satisfies((ex) -> assertThat(ex.jobId()).isEqualTo("job#1"));
	}

	@Test
	void resultThatWasWrittenAsJsonIsReadAgain() {
		try (ScriptedServer server = new ScriptedServer().reply(422, "{\"success\": false, \"error\": [\"a\", \"b\"]}");
				AkiClient client = server.client().build()) {
			AkiResult sent = client.doApiRequest(AkiParameters.chat().user("Hello"));
			AkiResult read = AkiResult.of(Transcripts.object(ScriptedServer.JSON.valueToTree(sent)));
			assertThat(read.error()).isEqualTo("a; b").isEqualTo(sent.error());
			assertThat(read.errorCode()).isEqualTo(422).isEqualTo(sent.errorCode());
			assertThatExceptionOfType(AkiBadRequestException.class).isThrownBy(read::orThrow);
			assertThatExceptionOfType(AkiBadRequestException.class).isThrownBy(sent::orThrow);
		}
	}

}
