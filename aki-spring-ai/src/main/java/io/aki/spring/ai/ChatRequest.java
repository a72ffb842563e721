package io.aki.spring.ai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.aki.client.AkiParameters;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.util.Assert;
import org.springframework.util.CollectionUtils;
import org.springframework.util.StringUtils;

/**
 * A conversation and its options as a request to an endpoint.
 *
 * @param endpoint the name of the endpoint
 * @param messages the conversation
 * @param options the options
 * @param tools the tools that the model may call, empty if there are none
 * @param toolFormat how the endpoint gets the tools
 */
record ChatRequest(String endpoint, List<Message> messages, AkiChatOptions options, List<ToolDefinition> tools,
		ToolFormat toolFormat) {

	private static final String OUTPUT_FORMAT = "chat_output_format";

	/**
	 * How an endpoint gets the descriptions of tools.
	 */
	enum ToolFormat {

		/** In the system message. */
		TEXT,

		/** In the parameter {@code tools}. */
		PARAMETER,

		/** In the parameter {@code tools}, with the output format {@code json}. */
		PARAMETER_WITH_JSON_OUTPUT;

		static ToolFormat of(String endpoint, EndpointCapabilities capabilities) {
			if (!capabilities.declares(endpoint, "tools")) {
				return TEXT;
			}
			return capabilities.accepts(endpoint, OUTPUT_FORMAT, "json") ? PARAMETER_WITH_JSON_OUTPUT : PARAMETER;
		}

	}

	ChatRequest {
		Assert.notEmpty(messages, "The prompt contains no message");
		assertSupported("frequency penalty", isSet(options.getFrequencyPenalty()));
		assertSupported("presence penalty", isSet(options.getPresencePenalty()));
		assertSupported("stop sequences", !CollectionUtils.isEmpty(options.getStopSequences()));
	}

	private static boolean isSet(@Nullable Double penalty) {
		return penalty != null && penalty != 0;
	}

	private static void assertSupported(String option, boolean isSet) {
		Assert.isTrue(!isSet, () -> "AKI.IO has no parameter for the option '" + option
				+ "'. Remove it. If your endpoint has such a parameter, set it with AkiChatOptions.builder().param(…)");
	}

	/**
	 * Return the maximum number of tokens of the answer.
	 * @return the number, or {@code null} if the request does not set it
	 */
	@Nullable Integer maxGenTokens() {
		return (this.options.getParams().get("max_gen_tokens") instanceof Number param)
				? Integer.valueOf(param.intValue()) : this.options.getMaxTokens();
	}

	/**
	 * Return the names of the tools.
	 */
	Set<String> toolNames() {
		return this.tools.stream().map(ToolDefinition::name).collect(Collectors.toCollection(TreeSet::new));
	}

	/**
	 * Return the request that tells the model that its tool calls cannot be executed.
	 * @param answer what the model wrote
	 * @param problem the reason, a sentence
	 */
	ChatRequest withFeedback(String answer, String problem) {
		List<Message> conversation = new ArrayList<>(this.messages);
		conversation.add(new AssistantMessage(answer));
		conversation.add(new UserMessage("Your tool call cannot be executed. " + problem
				+ " Write the call again, with valid JSON and the name of an existing tool, or answer without a tool."));
		return new ChatRequest(this.endpoint, conversation, this.options, this.tools, this.toolFormat);
	}

	/**
	 * Return the parameters of the request.
	 */
	AkiParameters.Chat parameters() {
		AkiParameters.Chat parameters = withMessages(AkiParameters.chat());
		if (this.options.getMaxTokens() != null) {
			parameters = parameters.maxGenTokens(this.options.getMaxTokens());
		}
		if (this.options.getTemperature() != null) {
			parameters = parameters.temperature(this.options.getTemperature());
		}
		if (this.options.getTopK() != null) {
			parameters = parameters.topK(this.options.getTopK());
		}
		if (this.options.getTopP() != null) {
			parameters = parameters.topP(this.options.getTopP());
		}
		if (!this.tools.isEmpty() && this.toolFormat != ToolFormat.TEXT) {
			parameters = parameters.set("tools", HermesFormat.describe(this.tools));
		}
		if (this.options.getOutputFormat() != null) {
			parameters = parameters.outputFormat(this.options.getOutputFormat());
		}
		else if (!this.tools.isEmpty() && this.toolFormat == ToolFormat.PARAMETER_WITH_JSON_OUTPUT) {
			parameters = parameters.outputFormat("json");
		}
		for (Map.Entry<String, Object> param : this.options.getParams().entrySet()) {
			parameters = parameters.set(param.getKey(), param.getValue());
		}
		return parameters;
	}

	private AkiParameters.Chat withMessages(AkiParameters.Chat empty) {
		String system = systemText();
		AkiParameters.Chat parameters = system.isEmpty() ? empty : empty.system(system);
		for (Message message : this.messages) {
			if (message instanceof UserMessage user) {
				String text = StringUtils.hasText(user.getText()) ? user.getText() : "";
				parameters = parameters.user(text, user.getMedia().stream().map(MediaData::of).toArray());
			}
			else if (message instanceof AssistantMessage assistant) {
				parameters = parameters.assistant(HermesFormat.assistantText(assistant));
			}
			else if (message instanceof ToolResponseMessage toolResponse) {
				parameters = toolResponse.getResponses().isEmpty() ? parameters
						: parameters.user(HermesFormat.resultText(toolResponse));
			}
			else {
				Assert.isTrue(message.getMessageType() == MessageType.SYSTEM,
						() -> "Unsupported message: " + message.getClass().getName());
			}
		}
		return parameters;
	}

	/**
	 * Return the texts of all system messages, and the tools for an endpoint that gets
	 * them there. Models expect one system message at the start.
	 */
	private String systemText() {
		List<String> texts = new ArrayList<>();
		for (Message message : this.messages) {
			if (message.getMessageType() == MessageType.SYSTEM && StringUtils.hasText(message.getText())) {
				texts.add(message.getText());
			}
		}
		if (!this.tools.isEmpty() && this.toolFormat == ToolFormat.TEXT) {
			texts.add(HermesFormat.systemPrompt(this.tools));
		}
		return String.join("\n\n", texts);
	}

}
