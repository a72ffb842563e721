package io.aki.spring.boot.test;

import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class AkiEmulatorArgumentTests {

	private static final AkiEmulator EMULATOR = AkiEmulator.builder().clock(AkiEmulatorClock.create()).build();

	private final EmulatorClient client = new EmulatorClient(EMULATOR);

	@AfterAll
	static void close() {
		EMULATOR.close();
	}

	@Test
	void allErrorsAreListedUnknownNamesFirst() {
		assertThat(errors("llama3_8b_chat", """
				"a": 1, "temperature": "hot", "top_k": 5000, "b": null""")).satisfiesExactly(
				(first) -> assertThat(first).isEqualTo("Invalid input parameter(s): a, b"),
				(second) -> assertThat(second).startsWith("Parameter top_k = 5000 is too high."),
				(third) -> assertThat(third).isEqualTo("Invalid argument type temperature=hot. Expected: "
						+ "<class 'float'> but got <class 'str'>!"));
	}

	@Test
	void aValueThatIsTooLowIsRefused() {
		assertThat(errors("llama3_8b_chat", "\"top_k\": 0")).containsExactly(
				"""
						Parameter top_k = 0 is too low. Min supported value for top_k on this endpoint is 1!

						Set auto_convert = true for top_k in the [INPUT] section of the endpoint config file to avoid this error.
						""");
	}

	@Test
	void limitsOfRealNumbersAreWrittenAsSuch() {
		assertThat(errors("llama3_8b_chat", "\"top_p\": 2").get(0))
			.startsWith("Parameter top_p = 2.0 is too high. Max supported value for top_p on this endpoint is 1.0!");
	}

	@Test
	void aValueOutsideASelectionIsRefused() {
		assertThat(errors("llama3_8b_chat", "\"chat_output_format\": \"xml\"").get(0))
			.isEqualTo("Invalid value chat_output_format=xml: not one of ['chatml', 'raw', 'json']");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"a": [1, 2.5, true, null, "b"]} | {'a': [1, 2.5, True, None, 'b']} | dict
			true                             | True                             | bool
			1.5                              | 1.5                              | float
			[]                               | []                               | list
			12345678901234567890             | 12345678901234567890             | int
			""")
	void wrongTypesAreNamedAsInPython(String value, String shown, String type) {
		assertThat(errors("llama3_8b_chat", "\"prompt_input\": " + value)).containsExactly("Invalid argument type "
				+ "prompt_input=" + shown + ". Expected: <class 'str'> but got <class '" + type + "'>!");
	}

	@Test
	void longValuesAreCutInMessages() {
		assertThat(errors("llama3_8b_chat", "\"top_k\": \"" + "x".repeat(50) + "\"").get(0))
			.startsWith("Invalid argument type top_k=" + "x".repeat(30) + "....");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			nonsense                           | : not JSON
			{}                                 | : not a list of messages
			[1]                                | : a message is not an object
			[{"role": "user"}]                 | : a message without 'role' or 'content'
			[{"role": "bot", "content": "x"}]  | : the role of a message is not 'system', 'user' or 'assistant'
			""")
	void aChatContextMustBeAListOfMessages(String context, String ending) {
		String json = EmulatorClient.JSON.writeValueAsString(context);
		assertThat(errors("llama3_8b_chat", "\"chat_context\": " + json)).singleElement()
			.asString()
			.startsWith("Invalid value chat_context=")
			.endsWith(ending);
	}

	@Test
	void aChatModelTakesNoImages() {
		String context = "[{\"role\":\"user\",\"content\":[{\"image\":\"data:,\"}]}]";
		assertThat(errors("llama3_8b_chat", "\"chat_context\": " + EmulatorClient.JSON.writeValueAsString(context)))
			.singleElement()
			.asString()
			.isEqualTo("Media of type image is not allowed in input parameter chat_context");
	}

	@Test
	void chatContextAndTextContextExcludeEachOther() {
		assertThat(errors("llama3_8b_chat", "\"chat_context\": \"[]\", \"text_context\": \"x\"")).singleElement()
			.asString()
			.endsWith(": cannot be used together with chat_context");
	}

	@Test
	void requiredParametersAreAskedFor() {
		assertThat(errors("qwen_image_edit", "\"steps\": 3")).containsExactly("Missing required argument: prompt",
				"Missing required argument: image");
		assertThat(errors("xttsv2", "\"language\": \"de\"")).containsExactly("Missing required argument: text");
	}

	@Test
	void aSizeThatIsNoNumberIsRefused() {
		assertThat(errors("z_image_turbo", "\"prompt\": \"x\", \"width\": \"wide\""))
			.containsExactly("Invalid value width=wide: not a number");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "\"text\"", "{", "{\"key\": 1} x" })
	void aBodyThatIsNoObjectIsRefused(String body) {
		EmulatorClient.Reply reply = this.client.post("/api/call/llama3_8b_chat", body);
		assertThat(reply.status()).isEqualTo(400);
		assertThat(reply.at("/message").asString()).isEqualTo("Failed when parsing body as json");
	}

	private List<String> errors(String endpoint, String params) {
		EmulatorClient.Reply reply = this.client.post("/api/call/" + endpoint,
				"{\"key\": \"test-key\", \"wait_for_result\": false, " + params + "}");
		assertThat(reply.status()).as(reply.text()).isEqualTo(400);
		return StreamSupport.stream(reply.json().get("error").spliterator(), false).map(JsonNode::asString).toList();
	}

}
