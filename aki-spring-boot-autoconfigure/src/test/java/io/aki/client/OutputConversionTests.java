package io.aki.client;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutputConversion} and the accessors of {@link AkiResult} that use it.
 */
class OutputConversionTests {

	private static final OutputConversion RAW = new OutputConversion(AkiOutputBinaryFormat.RAW, false);

	private static final OutputConversion TOOLS = new OutputConversion(AkiOutputBinaryFormat.BASE64, true);

	private static final String CALLS = "[{\"name\":\"weather\",\"arguments\":{\"city\":\"Berlin\"}}]";

	private static final List<?> PARSED_CALLS = List
		.of(Map.of("name", "weather", "arguments", Map.of("city", "Berlin")));

	@Test
	void rawTurnsDataUrisIntoBytesAlsoInsideLists() {
		AkiResult result = result(Map.of("images", List.of("data:image/JPEG;base64,AQID", "data:image/png;base64,BA=="),
				"audio_output", "data:audio/wav;base64,BQY=", "nested", Map.of("a", List.of("data:x/y;base64,Bw=="))),
				RAW);
		assertThat((List<?>) result.get("images")).satisfiesExactly(
				(image) -> assertThat(image).isEqualTo(new byte[] { 1, 2, 3 }),
				(image) -> assertThat(image).isEqualTo(new byte[] { 4 }));
		assertThat(result.get("audio_output")).isEqualTo(new byte[] { 5, 6 });
		assertThat(((Map<?, ?>) result.asMap().get("nested")).get("a"))
			.asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
			.singleElement()
			.isEqualTo(new byte[] { 7 });
	}

	@Test
	void rawTouchesNothingElse() {
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("text", "Yes,okay");
		body.put("base64", "AQID");
		body.put("cut", "data:image/JPEG;base64,/9j/...cut");
		body.put("empty", "data:image/png;base64,");
		body.put("prose", "see data:image/png;base64,AQID");
		body.put("list", Arrays.asList("Yes,okay", 1, null, true));
		body.put("null", null);
		body.put("seed", 42);
		assertThat(RAW.convert(body)).isEqualTo(body);
	}

	@Test
	void rawShowsInGetAndAsMapAloneAndJsonStaysTheApisOwn() {
		AkiResult result = result(Map.of("images", List.of("data:image/JPEG;base64,AQID")), RAW);
		assertThat(result.images()).containsExactly("data:image/JPEG;base64,AQID");
		assertThat(result.binaries()).containsExactly(new AkiBinary("jpeg", new byte[] { 1, 2, 3 }));
		assertThat(ScriptedServer.JSON.writeValueAsString(result))
			.isEqualTo("{\"images\":[\"data:image/JPEG;base64,AQID\"]}");
	}

	@Test
	void toolCallsAreAStringByDefault() {
		AkiResult result = result(Map.of("tool_calls", CALLS), OutputConversion.NONE);
		assertThat(result.toolCalls()).isEqualTo(CALLS);
		assertThat(result.get("tool_calls")).isEqualTo(CALLS);
	}

	@Test
	void toolCallsAreParsedWhereverTheyStand() {
		assertThat(result(Map.of("tool_calls", CALLS), TOOLS).toolCalls()).isEqualTo(PARSED_CALLS);
		AkiResult inText = result(Map.of("text", Map.of("content", "", "tool_calls", CALLS)), TOOLS);
		assertThat(inText.toolCalls()).isEqualTo(PARSED_CALLS);
		assertThat(inText.asMap()).isEqualTo(Map.of("text", Map.of("content", "", "tool_calls", PARSED_CALLS)));
	}

	@Test
	void toolCallsThatAreNoJsonStayText() {
		assertThat(result(Map.of("tool_calls", "none"), TOOLS).toolCalls()).isEqualTo("none");
		assertThat(result(Map.of(), TOOLS).toolCalls()).isNull();
	}

	@Test
	void aTextObjectIsReadThroughTheAccessors() {
		AkiResult result = result(Map.of("text", Map.of("thinking", "hm", "content", "Hello", "tool_calls", CALLS)),
				OutputConversion.NONE);
		assertThat(result.text()).isEqualTo("Hello");
		assertThat(result.thinking()).isEqualTo("hm");
		assertThat(result.toolCalls()).isEqualTo(CALLS);
	}

	@Test
	void reasoningAtTheHeadOfATextIsReadAndStaysInTheText() {
		AkiResult result = result(Map.of("text", "<think>\nLet me see.\n</think>\n\nHello"), OutputConversion.NONE);
		assertThat(result.thinking()).isEqualTo("Let me see.");
		assertThat(result.text()).startsWith("<think>");
		assertThat(result(Map.of("text", "Hello <think>no</think>"), OutputConversion.NONE).thinking()).isNull();
	}

	@Test
	void audioIsFoundUnderEachOfItsNames() {
		for (String name : List.of("audio", "audio_output", "audio_data")) {
			AkiResult result = result(Map.of(name, "data:audio/WAV;base64,AQID"), OutputConversion.NONE);
			assertThat(result.audio()).isEqualTo("data:audio/WAV;base64,AQID");
			assertThat(result.binaries()).containsExactly(new AkiBinary("wav", new byte[] { 1, 2, 3 }));
		}
	}

	private static AkiResult result(Map<String, ?> body, OutputConversion conversion) {
		return new AkiResult(new LinkedHashMap<>(body), conversion, null, AkiJobState.DONE);
	}

}
