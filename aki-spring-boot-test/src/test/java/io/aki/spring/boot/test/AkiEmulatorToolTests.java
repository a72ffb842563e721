package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the tool calls of an {@link AkiEmulator}.
 */
class AkiEmulatorToolTests {

	private static final String ENDPOINT = "tool_chat";

	private static final String PROPERTIES = """
			{"city": {"type": "string"}, "days": {"type": "integer"}}""";

	private static final String WEATHER = """
			{"type": "function", "function": {"name": "get_weather", "description": "The weather", "parameters":
			 {"type": "object", "properties": %s, "required": ["city"]}}}""".formatted(PROPERTIES).replace("\n", "");

	private static final String TIME = "{\"name\": \"getCurrentTime\", \"parameters\": {\"properties\": {}}}";

	private static final String WEATHER_IN_BERLIN = "[{\"name\":\"get_weather\",\"arguments\":{\"city\":\"Berlin\"}}]";

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	@AutoClose
	private final AkiEmulator emulator = emulator(AkiEmulator.builder());

	private final EmulatorClient client = new EmulatorClient(this.emulator);

	private AkiEmulator emulator(AkiEmulator.Builder builder) {
		return builder.clock(this.clock).seed(7).endpoint(AkiEmulatorEndpoint.chat(ENDPOINT).tools()).build();
	}

	@Test
	void scriptedCallIsAnOutputIfTheRequestHasTools() {
		this.emulator.replies()
			.add(AkiEmulatorReply.text("Let me look.")
				.withToolCalls(List.of(Map.of("function", "look")))
				.thinking("Hm."));
		JsonNode result = result(tools("Hello", WEATHER));
		assertThat(result.get("tool_calls").asString()).isEqualTo("[{\"function\":\"look\"}]");
		assertThat(result.get("text").asString()).isEqualTo("<think>Hm.</think>\n\nLet me look.");
	}

	@Test
	void scriptedCallsFollowTheTextIfASystemMessageDescribesTools() {
		this.emulator.replies()
			.add(AkiEmulatorReply.text("Let me look.")
				.withToolCalls(List.of(AkiEmulatorReply.call("get_weather", Map.of("city", "Berlin")),
						AkiEmulatorReply.call("list", Map.of("ids", List.of(1, 2), "none", Map.of())))));
		JsonNode result = result(system("Hello", WEATHER));
		assertThat(result.get("text").asString()).startsWith("""
				Let me look.
				<tool_call>
				{"name": "get_weather", "arguments": {"city": "Berlin"}}
				</tool_call>
				<tool_call>
				{"name": "list", "arguments": {""")
			.contains("\"ids\": [1, 2]", "\"none\": {}")
			.endsWith("\n</tool_call>");
		assertThat(result.has("tool_calls")).isFalse();
	}

	@Test
	void callInTheTextIsWrittenWordByWord() {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")));
		String job = this.client.start(ENDPOINT, system("Hello", WEATHER));
		this.clock.advance(Duration.ofMillis(110));
		String text = this.client.poll(ENDPOINT, job).at("/progress/progress_data/text").asString();
		assertThat("<tool_call>\n{\"name\": \"get_weather\", \"arguments\":").startsWith(text);
		assertThat(text).startsWith("<tool_call>\n{\"name\":");
	}

	@Test
	void jsonFormatTakesPrecedenceOverTools() {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")));
		JsonNode result = result(Map.of("chat_context", context(WEATHER, "Hello"), "tools", "[" + WEATHER + "]",
				"chat_output_format", "json"));
		assertThat(result.at("/text/tool_calls").asString()).isEqualTo(WEATHER_IN_BERLIN);
		assertThat(result.has("tool_calls")).isFalse();
	}

	@Test
	void toolsTakePrecedenceOverASystemMessage() {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of("city", "Berlin")));
		JsonNode result = result(Map.of("chat_context", context(WEATHER, "Hello"), "tools", "[" + WEATHER + "]"));
		assertThat(result.get("tool_calls").asString()).isEqualTo(WEATHER_IN_BERLIN);
		assertThat(result.get("text").asString()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]" })
	void scriptedCallWithoutToolsIsAWorkersErrorThatNamesAllWays(String tools) {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("get_weather", Map.of()));
		assertThat(result(Map.of("prompt_input", "Hello", "tools", tools)).get("error").asString())
			.contains("chat_output_format = json", "parameter tools", "<tools>");
	}

	@Test
	void offeredToolIsCalled() {
		JsonNode result = result(tools("What is the weather in Berlin?", TIME, WEATHER));
		assertThat(result.get("tool_calls").asString()).isEqualTo(WEATHER_IN_BERLIN);
		assertThat(result.get("text").asString()).isEmpty();
	}

	@Test
	void toolOfASystemMessageIsCalledInTheText() {
		assertThat(text(system("What is the weather in Berlin?", TIME, WEATHER))).isEqualTo("""
				<tool_call>
				{"name": "get_weather", "arguments": {"city": "Berlin"}}
				</tool_call>""");
	}

	@Test
	void toolsOfASystemMessageMayBeAList() {
		assertThat(text(system("What is the weather in Berlin?", "[" + TIME + "," + WEATHER + "]")))
			.contains("get_weather");
	}

	@Test
	void systemMessageMayMentionTheTagsBeforeTheTools() {
		String system = "Signatures are within <tools></tools> tags, also written <tools>:\n<tools>\n" + WEATHER
				+ "\n</tools>\nCall them.";
		String context = EmulatorClient.JSON
			.writeValueAsString(List.of(message("system", List.of(Map.of("type", "text", "text", system))),
					message("user", "What is the weather in Berlin?")));
		assertThat(text(Map.of("chat_context", context))).contains("get_weather");
	}

	@ParameterizedTest
	@ValueSource(strings = { "not JSON", "", "{\"no\": \"name\"} 1 \"text\"" })
	void toolsThatCannotBeReadAreNotCalled(String tools) {
		assertThat(text(system("What is the weather in Berlin?", tools))).contains("AKI.IO emulator");
	}

	@Test
	void firstToolThatMatchesIsCalled() {
		String other = WEATHER.replace("get_weather", "weather_history");
		assertThat(result(tools("What is the weather in Berlin?", other, WEATHER)).get("tool_calls").asString())
			.startsWith("[{\"name\":\"weather_history\"");
	}

	@ParameterizedTest
	@CsvSource({ "What TIME is it?, true", "Call getCurrentTime, true", "Get the current answer, false",
			"Sometimes it rains, false", "Get a timer, false" })
	void nameAndPromptMustHaveAWordInCommon(String prompt, boolean called) {
		assertThat(result(tools(prompt, TIME)).has("tool_calls")).isEqualTo(called);
	}

	@ParameterizedTest
	@ValueSource(strings = { "fetch-time", "fetchTime", "fetchTIME", "TIMEFetch", "fetch_time_2", "time" })
	void namesAreSplitIntoWords(String name) {
		assertThat(result(tools("The time?", TIME.replace("getCurrentTime", name))).get("tool_calls").asString())
			.isEqualTo("[{\"name\":\"" + name + "\",\"arguments\":{}}]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"type": "string"}                      | The weather in Berlin?         | "Berlin"
			{"type": "string"}                      | Weather in New York today      | "York"
			{"type": "string"}                      | The weather in (berlin)!       | "berlin"
			{"type": "string"}                      | Weather ?                      | "Weather"
			{}                                      | The weather in Köln, please.   | "Köln"
			{"type": ["null", "string"]}            | The weather in Berlin          | "Berlin"
			{"type": "integer"}                     | Weather in B2B for 3.7 days    | 3
			{"type": "number"}                      | Weather below -3.75 degrees    | -3.75
			{"type": "integer"}                     | The weather                    | 1
			{"type": "number"}                      | The weather                    | 1
			{"type": "boolean"}                     | The weather                    | true
			{"type": "array"}                       | The weather                    | []
			{"type": "object"}                      | The weather                    | {}
			{"type": "string", "enum": ["F", "C"]}  | The weather in C, not celsius  | "C"
			{"type": "string", "enum": ["F", "C"]}  | The weather in Celsius         | "F"
			{"enum": ["KELVIN", "CELSIUS"]}         | The weather in celsius         | "CELSIUS"
			{"type": "integer", "enum": [3, 7]}     | The weather for 7 days         | 7
			{"type": "integer", "enum": [3, 7]}     | The weather for 5 days         | 3
			""")
	void schemaAndPromptDetermineAnArgument(String schema, String prompt, String value) {
		assertThat(arguments(prompt, "{\"x\": " + schema + "}", "[\"x\"]")).hasToString("{\"x\":" + value + "}");
	}

	@Test
	void onlyRequiredArgumentsAreGiven() {
		assertThat(arguments("The weather in Berlin", PROPERTIES, "[\"days\"]")).hasToString("{\"days\":1}");
	}

	@Test
	void upToThreeArgumentsAreGivenIfNoneIsRequired() {
		String properties = """
				{"a": {"type": "array"}, "b": {"type": "boolean"}, "c": {"type": "object"},
				 "d": {"type": "boolean"}, "e": {"type": "boolean"}, "f": {"type": "boolean"}}""";
		assertThat(arguments("The weather", properties, "[]")).hasToString("{\"b\":true,\"d\":true,\"e\":true}");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"name": "get_weather", "content": "21 degrees"}    | The tool get_weather says: 21 degrees.
			{"name": "get_weather", "content": {"degrees": 21}} | The tool get_weather says: {"degrees":21}.
			{"content": "It rains!"}                            | The tool says: It rains!
			21 degrees                                          | The tool says: 21 degrees.
			{"degrees": 21}                                     | The tool says: {"degrees": 21}.
			""")
	void toolResponseIsQuoted(String response, String answer) {
		String context = context(WEATHER, "What is the weather in Berlin?",
				"<tool_response>\n" + response + "\n</tool_response>");
		assertThat(text(Map.of("chat_context", context))).isEqualTo(answer);
	}

	@Test
	void severalToolResponsesAreQuotedInTheirOrder() {
		String responses = Stream.of("{\"name\": \"get_weather\", \"content\": \"rain\"}", "late")
			.map((response) -> "<tool_response>\n" + response + "\n</tool_response>\n")
			.reduce("", String::concat);
		String context = EmulatorClient.JSON.writeValueAsString(
				List.of(message("user", "What is the weather?"), message("assistant", ""), message("user", responses)));
		JsonNode result = result(Map.of("chat_context", context, "tools", "[" + WEATHER + "]"));
		assertThat(result.get("text").asString()).isEqualTo("The tool get_weather says: rain. The tool says: late.");
		assertThat(result.has("tool_calls")).isFalse();
	}

	@Test
	void scriptedReplySeesTheToolResponse() {
		this.emulator.replies()
			.add(AkiEmulatorReply.text("It rains.").onPrompt((prompt) -> prompt.startsWith("<tool_response>")));
		assertThat(text(system("What is the weather?", WEATHER))).contains("<tool_call>");
		String context = context(WEATHER, "What is the weather?", "<tool_response>rain</tool_response>");
		assertThat(text(Map.of("chat_context", context))).isEqualTo("It rains.");
	}

	@Test
	void nextQuestionAfterAToolResponseCallsAToolAgain() {
		String context = context(WEATHER, "<tool_response>rain</tool_response>", "And the weather in Bonn?");
		assertThat(text(Map.of("chat_context", context))).contains("\"arguments\": {\"city\": \"Bonn\"}");
	}

	@Test
	void toolOfTheParameterIsCalledInTheJsonFormat() {
		JsonNode text = result(
				Map.of("chat_context", "[{\"role\": \"user\", \"content\": \"What is the weather in Berlin?\"}]",
						"tools", "[" + WEATHER + "]", "chat_output_format", "json"))
			.get("text");
		assertThat(text.get("tool_calls").asString()).isEqualTo(WEATHER_IN_BERLIN);
	}

	@Test
	void toolOfTheSystemMessageIsNotCalledInTheJsonFormat() {
		JsonNode text = result(
				Map.of("chat_context", context(WEATHER, "What is the weather?"), "chat_output_format", "json"))
			.get("text");
		assertThat(text.get("tool_calls").asString()).isEqualTo("[]");
	}

	@Test
	void functionOfTheBuilderCallsNoTool() {
		try (AkiEmulator own = emulator(AkiEmulator.builder().chatReply((prompt) -> "Hello"))) {
			JsonNode result = result(own, tools("What is the weather?", WEATHER));
			assertThat(result.get("text").asString()).isEqualTo("Hello");
			assertThat(result.has("tool_calls")).isFalse();
		}
	}

	@Test
	void reasoningStandsBeforeACall() {
		assertThat(text(system("THINK about the weather in Berlin", WEATHER))).startsWith("<think>")
			.contains("</think>\n\n")
			.endsWith("</tool_call>");
	}

	@Test
	void canceledJobHasNoToolCalls() {
		this.emulator.replies()
			.add(AkiEmulatorReply.text("one two three four")
				.withToolCalls(List.of(AkiEmulatorReply.call("get_weather", Map.of()))));
		String job = this.client.start(ENDPOINT, tools("Hello", WEATHER));
		this.clock.advance(Duration.ofMillis(60));
		JsonNode result = this.client.cancel(ENDPOINT, job).json().get("job_result");
		assertThat(result.has("text")).isTrue();
		assertThat(result.has("tool_calls")).isFalse();
	}

	private JsonNode arguments(String prompt, String properties, String required) {
		String tool = WEATHER.replace(PROPERTIES, properties.replace("\n", "")).replace("[\"city\"]", required);
		JsonNode calls = EmulatorClient.JSON.readTree(result(tools(prompt, tool)).get("tool_calls").asString());
		return calls.at("/0/arguments");
	}

	private String text(Map<String, ?> params) {
		return result(params).get("text").asString();
	}

	private JsonNode result(Map<String, ?> params) {
		return result(this.emulator, params);
	}

	private JsonNode result(AkiEmulator emulator, Map<String, ?> params) {
		EmulatorClient client = new EmulatorClient(emulator);
		String job = client.start(ENDPOINT, params);
		this.clock.advance(Duration.ofMinutes(5));
		return client.poll(ENDPOINT, job).json().get("job_result");
	}

	private static Map<String, String> tools(String prompt, String... tools) {
		return Map.of("prompt_input", prompt, "tools", "[" + String.join(",", tools) + "]");
	}

	private static Map<String, String> system(String prompt, String... tools) {
		return Map.of("chat_context", context(String.join("\n", tools), prompt));
	}

	private static String context(String tools, String... prompts) {
		Stream<Map<String, Object>> system = Stream
			.of(message("system", "Use tools:\n<tools>\n" + tools + "\n</tools>\nBe brief."));
		return EmulatorClient.JSON.writeValueAsString(
				Stream.concat(system, Stream.of(prompts).map((prompt) -> message("user", prompt))).toList());
	}

	private static Map<String, Object> message(String role, Object content) {
		return Map.of("role", role, "content", content);
	}

}
