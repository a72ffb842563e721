package io.aki.spring.ai;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import io.aki.client.AkiJobFailedException;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.boot.test.AkiEmulatorRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.support.ToolCallbacks;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tools with an endpoint that gets them in the system message, and with one that declares
 * the parameter {@code tools}.
 */
class ToolCallingTests extends EmulatorTest {

	private final Weather weather = new Weather();

	private ChatClient chatClient(String endpoint) {
		return ChatClient.builder(chatModel(endpoint)).defaultTools(this.weather).build();
	}

	private static AkiChatOptions options(String endpoint, Object tools) {
		return AkiChatOptions.builder().model(endpoint).toolCallbacks(ToolCallbacks.from(tools)).build();
	}

	@ParameterizedTest
	@ValueSource(strings = { CHAT, CHAT_WITH_TOOLS })
	void theToolIsExecutedAndTheModelGetsItsResult(String endpoint) {
		emulator.replies()
			.add(AkiEmulatorReply.toolCall("temperature", Map.of("city", "Berlin")))
			.add(AkiEmulatorReply.text("It is 21 degrees in Berlin."));
		assertThat(chatClient(endpoint).prompt("How warm is it in Berlin?").call().content())
			.isEqualTo("It is 21 degrees in Berlin.");
		assertThat(this.weather.calls).containsExactly("temperature Berlin");
		List<Map<String, Object>> messages = messages(calls().get(1));
		assertThat(messages.get(messages.size() - 1)).containsEntry("role", "user");
		assertThat(String.valueOf(messages.get(messages.size() - 1).get("content"))).startsWith("<tool_response>")
			.contains("temperature")
			.contains("21");
		assertThat(String.valueOf(messages.get(messages.size() - 2).get("content"))).startsWith("<tool_call>")
			.contains("{\"name\": \"temperature\", \"arguments\": {\"city\":\"Berlin\"}}");
	}

	@ParameterizedTest
	@ValueSource(strings = { CHAT, CHAT_WITH_TOOLS })
	void threeRoundsAreThreeJobsAndOneMore(String endpoint) {
		emulator.replies()
			.add(AkiEmulatorReply.toolCall("temperature", Map.of("city", "Berlin")))
			.add(AkiEmulatorReply.toolCall("temperature", Map.of("city", "Paris")))
			.add(AkiEmulatorReply.toolCall("rain", Map.of("city", "Paris", "days", 3)))
			.add(AkiEmulatorReply.text("Go to Paris."));
		assertThat(chatClient(endpoint).prompt("Berlin or Paris?").call().content()).isEqualTo("Go to Paris.");
		assertThat(this.weather.calls).containsExactly("temperature Berlin", "temperature Paris", "rain Paris 3");
		assertThat(emulator.jobs()).hasSize(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { CHAT, CHAT_WITH_TOOLS })
	void twoCallsInOneAnswerAreExecuted(String endpoint) {
		emulator.replies()
			.add(AkiEmulatorReply.toolCalls(List.of(call("temperature", Map.of("city", "Berlin")),
					call("temperature", Map.of("city", "Paris")))))
			.add(AkiEmulatorReply.text("Both are warm."));
		assertThat(chatClient(endpoint).prompt("Berlin or Paris?").call().content()).isEqualTo("Both are warm.");
		assertThat(this.weather.calls).containsExactly("temperature Berlin", "temperature Paris");
		assertThat(emulator.jobs()).hasSize(2);
	}

	private static Map<String, Object> call(String name, Map<String, Object> arguments) {
		return Map.of("name", name, "arguments", arguments);
	}

	@ParameterizedTest
	@ValueSource(strings = { CHAT, CHAT_WITH_TOOLS })
	void aStreamContainsTheTextAndNoToolCall(String endpoint) {
		emulator.replies()
			.add(AkiEmulatorReply.text("I look it up.")
				.withToolCalls(List.of(call("temperature", Map.of("city", "Berlin")))))
			.add(AkiEmulatorReply.text(" It is 21 degrees in Berlin < 22, isn't it?"));
		List<String> pieces = Objects
			.requireNonNull(chatClient(endpoint).prompt("How warm is it?").stream().content().collectList().block());
		assertThat(String.join("", pieces)).isEqualTo("I look it up. It is 21 degrees in Berlin < 22, isn't it?");
		assertThat(this.weather.calls).containsExactly("temperature Berlin");
	}

	@ParameterizedTest
	@ValueSource(strings = { CHAT, CHAT_WITH_TOOLS })
	void theModelReturnsTheCallsWithIdentifiers(String endpoint) {
		emulator.replies()
			.add(AkiEmulatorReply.toolCalls(List.of(call("temperature", Map.of("city", "Berlin")),
					call("rain", Map.of("city", "Rome", "days", 2)))));
		ChatResponse response = chatModel(endpoint).call(new Prompt("?", options(endpoint, this.weather)));
		AssistantMessage message = Objects.requireNonNull(response.getResult()).getOutput();
		assertThat(message.getText()).isEmpty();
		assertThat(message.getToolCalls()).extracting(AssistantMessage.ToolCall::name)
			.containsExactly("temperature", "rain");
		assertThat(message.getToolCalls()).extracting(AssistantMessage.ToolCall::id).doesNotHaveDuplicates();
		assertThat(message.getToolCalls().get(1).arguments()).contains("\"city\":\"Rome\"").contains("\"days\":2");
		assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("tool_calls");
		assertThat(this.weather.calls).isEmpty();
	}

	@Test
	void anEndpointWithoutTheParameterGetsTheToolsInTheSystemMessage() {
		chatClient(CHAT).prompt().system("Be brief").user("Tell me a joke").call().content();
		AkiEmulatorRequest call = calls().get(0);
		assertThat(call.params()).containsOnlyKeys("chat_context");
		assertThat(messages(call).get(0)).containsEntry("role", "system");
		assertThat(String.valueOf(messages(call).get(0).get("content"))).startsWith("Be brief\n\n")
			.contains("<tools>\n{\"type\":\"function\",\"function\":{\"name\":")
			.contains("\"name\":\"temperature\"")
			.contains("\"description\":\"Returns the temperature\"")
			.contains("\"city\"");
	}

	@Test
	void anEndpointWithTheParameterGetsTheToolsThere() {
		chatClient(CHAT_WITH_TOOLS).prompt().system("Be brief").user("Tell me a joke").call().content();
		AkiEmulatorRequest call = calls().get(0);
		assertThat(String.valueOf(call.params().get("tools"))).startsWith("[{\"type\":\"function\"")
			.contains("\"name\":\"temperature\"");
		assertThat(call.params()).containsEntry("chat_output_format", "json");
		assertThat(messages(call).get(0)).containsEntry("content", "Be brief");
	}

	@Test
	void theDescriptionOfTheEndpointIsReadOnce() {
		ChatClient chatClient = chatClient(CHAT);
		for (int i = 0; i < 3; i++) {
			chatClient.prompt("Tell me a joke").call().content();
			chatClient.prompt("Tell me a joke").stream().content().blockLast();
		}
		assertThat(emulator.requests()).filteredOn((request) -> request.path().startsWith("/api/endpoints")).hasSize(1);
	}

	@Test
	void withoutToolsTheDescriptionOfTheEndpointIsNotRead() {
		chatModel().call("Tell me a joke");
		assertThat(emulator.requests()).noneMatch((request) -> request.path().startsWith("/api/endpoints"));
	}

	@Test
	void withoutToolsTheTextIsNotParsed() {
		emulator.replies().add(AkiEmulatorReply.text("<tool_call>{\"name\": \"x\"}</tool_call>").times(2));
		assertThat(chatModel().call("?")).isEqualTo("<tool_call>{\"name\": \"x\"}</tool_call>");
		assertThat(text(chatModel().stream(new Prompt("?")).collectList().block()))
			.isEqualTo("<tool_call>{\"name\": \"x\"}</tool_call>");
	}

	private static String text(@Nullable List<ChatResponse> responses) {
		return Objects.requireNonNull(responses)
			.stream()
			.map((response) -> Objects.requireNonNull(response.getResult()).getOutput().getText())
			.collect(Collectors.joining());
	}

	@ParameterizedTest
	@ValueSource(strings = { "<tool_call>{\"name\": \"temperature\", \"arguments\": {\"city\": </tool_call>",
			"<tool_call>\n{\"name\": \"humidity\", \"arguments\": {}}\n</tool_call>", "<tool_call>nothing</tool_call>",
			"<tool_call></tool_call>", "<tool_call>[]</tool_call> It is 21",
			"<tool_call>{\"arguments\": {}}</tool_call>" })
	void aCallThatCannotBeExecutedIsFedBackOnce(String broken) {
		emulator.replies()
			.add(AkiEmulatorReply.text(broken))
			.add(AkiEmulatorReply.toolCall("temperature", Map.of("city", "Berlin")))
			.add(AkiEmulatorReply.text("21 degrees"));
		ChatResponse response = Objects
			.requireNonNull(chatClient(CHAT).prompt("How warm is it?").call().chatResponse());
		assertThat(Objects.requireNonNull(response.getResult()).getOutput().getText()).isEqualTo("21 degrees");
		assertThat(this.weather.calls).containsExactly("temperature Berlin");
		List<Map<String, Object>> feedback = messages(calls().get(1));
		assertThat(feedback.get(feedback.size() - 2)).containsEntry("role", "assistant")
			.containsEntry("content", broken);
		assertThat(String.valueOf(feedback.get(feedback.size() - 1).get("content")))
			.startsWith("Your tool call cannot be executed. ")
			.doesNotContain("tool_calls");
	}

	@Test
	void theUsageContainsTheJobOfTheFeedback() {
		emulator.replies()
			.add(AkiEmulatorReply.text("<tool_call>{ two three"))
			.add(AkiEmulatorReply.text("one two three four"));
		AkiChatModel model = chatModel();
		ChatResponse response = model.call(new Prompt("How warm is it?", options(CHAT, this.weather)));
		assertThat(response.getMetadata().getUsage().getCompletionTokens()).isEqualTo(7);
		assertThat(emulator.jobs()).hasSize(2);
	}

	@Test
	void inAStreamACallThatCannotBeExecutedIsFedBackOnce() {
		emulator.replies()
			.add(AkiEmulatorReply.text("Wait. <tool_call>{\"name\": \"temperature\", \"arguments\"</tool_call>"))
			.add(AkiEmulatorReply.toolCall("temperature", Map.of("city", "Berlin")))
			.add(AkiEmulatorReply.text("\n21 degrees"));
		assertThat(chatClient(CHAT).prompt("How warm is it?").stream().content().collectList().block()).satisfies(
				(pieces) -> assertThat(String.join("", Objects.requireNonNull(pieces))).isEqualTo("Wait.\n21 degrees"));
		assertThat(this.weather.calls).containsExactly("temperature Berlin");
		assertThat(emulator.jobs()).hasSize(3);
	}

	@Test
	void aCallThatIsBrokenTwiceIsAnException() {
		emulator.replies().add(AkiEmulatorReply.text("<tool_call>{</tool_call>").always());
		AkiChatModel model = chatModel();
		Prompt prompt = new Prompt("How warm is it?", options(CHAT, this.weather));
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> model.call(prompt))
			.withMessageContaining("tool call cannot be executed. It is not valid JSON")
			.withMessageContaining(emulator.jobs().get(1).id());
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> model.stream(prompt).blockLast())
			.withMessageContaining("tool call cannot be executed. It is not valid JSON");
		assertThat(emulator.jobs()).hasSize(4);
	}

	@Test
	void callAndStreamReturnTheSameTextIfACallWasCorrected() {
		AkiEmulatorReply broken = AkiEmulatorReply.text("I look it up. <tool_call>{oops</tool_call>");
		AkiEmulatorReply answer = AkiEmulatorReply.text("It is 21 degrees.");
		emulator.replies().add(broken).add(answer).add(broken).add(answer);
		AkiChatModel model = chatModel();
		Prompt prompt = new Prompt("How warm is it?", options(CHAT, this.weather));
		assertThat(Objects.requireNonNull(model.call(prompt).getResult()).getOutput().getText())
			.isEqualTo("I look it up.\nIt is 21 degrees.");
		assertThat(text(model.stream(prompt).collectList().block())).isEqualTo("I look it up.\nIt is 21 degrees.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Models write the tag <tool_call> before a call.", "Hello <tool_call>",
			"a < b and <tool_calls>" })
	void textThatMentionsTheTagIsTheAnswer(String answer) {
		emulator.replies().add(AkiEmulatorReply.text(answer).times(2));
		AkiChatModel model = chatModel();
		Prompt prompt = new Prompt("?", options(CHAT, this.weather));
		assertThat(Objects.requireNonNull(model.call(prompt).getResult()).getOutput().getText()).isEqualTo(answer);
		assertThat(text(model.stream(prompt).collectList().block())).isEqualTo(answer);
		assertThat(emulator.jobs()).hasSize(2);
	}

	@Test
	void textBetweenTheTagsIsTheAnswerIfTheModelRepeatsIt() {
		String answer = "A call is between <tool_call> and </tool_call>.";
		emulator.replies().add(AkiEmulatorReply.text(answer).always());
		ChatResponse response = chatModel().call(new Prompt("?", options(CHAT, this.weather)));
		assertThat(Objects.requireNonNull(response.getResult()).getOutput().getText()).endsWith("\n" + answer);
		assertThat(emulator.jobs()).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { CHAT, CHAT_WITH_TOOLS })
	void theReasoningBeforeACallIsSentOnce(String endpoint) {
		emulator.replies()
			.add(AkiEmulatorReply.toolCall("temperature", Map.of("city", "Berlin")).thinking("I must call the tool"));
		Prompt prompt = new Prompt("How warm is it?", options(endpoint, this.weather));
		assertThat(Objects.requireNonNull(chatModel(endpoint).stream(prompt).collectList().block())
			.stream()
			.map((response) -> Objects.requireNonNull(response.getResult()).getOutput().getMetadata().get("thinking"))
			.filter(Objects::nonNull)
			.map(Object::toString)
			.collect(Collectors.joining())).isEqualTo("I must call the tool");
	}

	@Test
	void anEndpointWhoseDescriptionCannotBeReadGetsTheToolsInTheSystemMessage() {
		emulator.faults().add(AkiEmulatorFault.status(503).onPhase(AkiEmulatorFault.Phase.GET).always());
		ChatClient chatClient = chatClient(CHAT_WITH_TOOLS);
		for (int i = 0; i < 3; i++) {
			chatClient.prompt("Tell me a joke").call().content();
		}
		assertThat(calls()).hasSize(3).allSatisfy((call) -> assertThat(call.params()).doesNotContainKey("tools"));
		// the description is not asked for at each request
		assertThat(emulator.requests()).filteredOn((request) -> request.path().startsWith("/api/endpoints")).hasSize(1);
	}

	@Test
	void streamsAtTheSameTimeReadTheDescriptionOnce() {
		ChatClient chatClient = chatClient(CHAT);
		Flux.range(0, 20)
			.flatMap((i) -> chatClient.prompt("Tell me a joke").stream().content(), 20)
			.blockLast(Duration.ofSeconds(30));
		assertThat(emulator.requests()).filteredOn((request) -> request.path().startsWith("/api/endpoints")).hasSize(1);
	}

	@Test
	void aStreamWithToolsDoesNotBlockAThreadOfReactor() {
		emulator.replies()
			.add(AkiEmulatorReply.text("<tool_call>{</tool_call>"))
			.add(AkiEmulatorReply.toolCall("temperature", Map.of("city", "Berlin")))
			.add(AkiEmulatorReply.text("21"));
		assertThat(chatClient(CHAT).prompt("How warm is it?")
			.stream()
			.content()
			.subscribeOn(Schedulers.parallel())
			.collectList()
			.block()).containsExactly("21");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"name\": \"temperature\", \"parameters\": {\"city\": \"Berlin\"}}",
			"[{\"name\": \"temperature\", \"arguments\": {\"city\": \"Berlin\"}}]",
			"<tool_call>[{\"name\": \"temperature\", \"arguments\": {\"city\": \"Berlin\"}}]</tool_call>",
			"<tool_call>{\"name\": \"temperature\", \"arguments\": \"{\\\"city\\\": \\\"Berlin\\\"}\"}",
			"<tool_call>\n```json\n{\"name\": \"temperature\", \"arguments\": {\"city\": \"Berlin\"}}\n```\n</tool_call>",
			"<think>Hm</think>\n<tool_call>{\"name\": \"temperature\", \"arguments\": {\"city\": \"Berlin\"}}</tool_call>" })
	void otherFormsOfCallsAreUnderstood(String answer) {
		emulator.replies().add(AkiEmulatorReply.text(answer).times(2));
		AkiChatModel model = chatModel();
		Prompt prompt = new Prompt("How warm is it?", options(CHAT, this.weather));
		AssistantMessage message = Objects.requireNonNull(model.call(prompt).getResult()).getOutput();
		assertThat(message.getText()).isEmpty();
		assertThat(message.getToolCalls()).extracting(AssistantMessage.ToolCall::arguments)
			.containsExactly("{\"city\":\"Berlin\"}");
		List<ChatResponse> responses = Objects.requireNonNull(model.stream(prompt).collectList().block());
		assertThat(text(responses)).isEmpty();
		assertThat(Objects.requireNonNull(responses.get(responses.size() - 1).getResult()).getOutput().getToolCalls())
			.extracting(AssistantMessage.ToolCall::arguments)
			.containsExactly("{\"city\":\"Berlin\"}");
	}

	@Test
	void severalCallsInOnePairOfTagsAndArgumentsWithTagsAreUnderstood() {
		emulator.replies()
			.add(AkiEmulatorReply.text("<tool_call>\n{\"name\": \"temperature\", \"arguments\": {\"city\": "
					+ "\"<tool_call> a </tool_call>\"}}\n{\"name\": \"rain\", \"arguments\": {}}\n</tool_call>\n"
					+ "<tool_call>{\"name\": \"rain\", \"arguments\": {\"days\": 1}}"));
		ChatResponse response = chatModel().call(new Prompt("How warm is it?", options(CHAT, this.weather)));
		assertThat(Objects.requireNonNull(response.getResult()).getOutput().getToolCalls())
			.extracting(AssistantMessage.ToolCall::arguments)
			.containsExactly("{\"city\":\"<tool_call> a </tool_call>\"}", "{}", "{\"days\":1}");
	}

	@Test
	void equalCallsWithTheTagInTheirArgumentsAreUnderstood() {
		String call = "{\"name\": \"temperature\", \"arguments\": {\"city\": \"<tool_call>\"}}";
		emulator.replies().add(AkiEmulatorReply.text("<tool_call>\n" + call + "\n" + call + "\n</tool_call>"));
		ChatResponse response = chatModel().call(new Prompt("How warm is it?", options(CHAT, this.weather)));
		assertThat(Objects.requireNonNull(response.getResult()).getOutput().getToolCalls())
			.extracting(AssistantMessage.ToolCall::arguments)
			.containsExactly("{\"city\":\"<tool_call>\"}", "{\"city\":\"<tool_call>\"}");
		assertThat(emulator.jobs()).hasSize(1);
	}

	@Test
	void jsonThatIsNoCallIsTheAnswer() {
		emulator.replies().add(AkiEmulatorReply.text("{\"answer\": 42}").times(2));
		AkiChatModel model = chatModel();
		Prompt prompt = new Prompt("?", options(CHAT, this.weather));
		assertThat(Objects.requireNonNull(model.call(prompt).getResult()).getOutput().getText())
			.isEqualTo("{\"answer\": 42}");
		assertThat(text(model.stream(prompt).collectList().block())).isEqualTo("{\"answer\": 42}");
	}

	@Test
	void earlierToolCallsWithoutArgumentsAndResponsesAreSent() {
		chatModel().call(new Prompt(new UserMessage("?"),
				AssistantMessage.builder()
					.content("")
					.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "temperature", null)))
					.build(),
				ToolResponseMessage.builder().responses(List.of()).build(), new UserMessage("And?")));
		assertThat(messages(calls().get(0))).hasSize(3);
	}

	@Test
	void anEarlierToolCallInTheConversationIsSent() {
		List<Message> conversation = new ArrayList<>();
		conversation.add(new UserMessage("How warm is it?"));
		conversation.add(AssistantMessage.builder()
			.content("I look it up.")
			.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "temperature", "")))
			.build());
		conversation.add(ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("1", "temperature", "\"21 \\\"degrees\\\"\"")))
			.build());
		chatModel().call(new Prompt(conversation));
		assertThat(messages(calls().get(0)).get(1)).containsEntry("content",
				"I look it up.\n<tool_call>\n{\"name\": \"temperature\", \"arguments\": {}}\n</tool_call>");
		assertThat(String.valueOf(messages(calls().get(0)).get(2).get("content"))).isEqualTo(
				"<tool_response>\n{\"name\":\"temperature\",\"content\":\"\\\"21 \\\\\\\"degrees\\\\\\\"\\\"\"}\n"
						+ "</tool_response>");
	}

	static class Weather {

		final List<String> calls = new CopyOnWriteArrayList<>();

		@Tool(description = "Returns the temperature")
		int temperature(@ToolParam(description = "The name of the city") String city) {
			this.calls.add("temperature " + city);
			return 21;
		}

		@Tool(description = "Returns the rain of the next days in mm")
		List<Integer> rain(String city, int days) {
			this.calls.add("rain " + city + " " + days);
			return List.of(0, 3, 1);
		}

	}

}
