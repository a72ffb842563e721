package io.aki.spring.ai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.aki.client.AkiJobFailedException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.tool.definition.ToolDefinition;
import org.springframework.util.StringUtils;

/**
 * Tools in the text of a conversation, in the form that the Hermes, Qwen and Llama models
 * know: the system message describes the tools in {@code <tools>}, the model writes
 * {@code <tool_call>}, and the results are in {@code <tool_response>}. AKI.IO accepts the
 * roles {@code system}, {@code user} and {@code assistant} only, so that the results of
 * tools are a message of the user for every endpoint.
 */
final class HermesFormat {

	static final String CALL_START = "<tool_call>";

	static final String CALL_END = "</tool_call>";

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	/** White space and the start of a code block. */
	private static final Pattern BEFORE_JSON = Pattern.compile("\\s*(?:```(?:json)?\\s*)?");

	/** A text that is one JSON object or a list of objects, or the start of one. */
	private static final Pattern JSON_START = Pattern.compile("\\s*(\\{.*|\\[\\s*(\\{.*)?)", Pattern.DOTALL);

	private HermesFormat() {
	}

	/**
	 * Return tools in the form of the parameter {@code tools}.
	 */
	static List<Map<String, Object>> describe(List<ToolDefinition> tools) {
		return tools.stream().map(HermesFormat::describe).toList();
	}

	private static Map<String, Object> describe(ToolDefinition tool) {
		Map<String, Object> function = new LinkedHashMap<>();
		function.put("name", tool.name());
		function.put("description", tool.description());
		function.put("parameters", MAPPER.readTree(tool.inputSchema()));
		Map<String, Object> description = new LinkedHashMap<>();
		description.put("type", "function");
		description.put("function", function);
		return description;
	}

	/**
	 * Return the part of the system message that describes tools.
	 */
	static String systemPrompt(List<ToolDefinition> tools) {
		String descriptions = describe(tools).stream().map(HermesFormat::json).collect(Collectors.joining("\n"));
		return """
				You can call functions to answer the user. The functions are described in JSON:
				<tools>
				%s
				</tools>

				To call a function, answer with its name and its arguments as a JSON object between these tags:
				<tool_call>
				{"name": "<name of the function>", "arguments": {<arguments as JSON>}}
				</tool_call>
				Write one pair of tags per call. Write nothing after the calls. You then get the results between \
				<tool_response> tags. Call a function only if its result is necessary for the answer."""
			.formatted(descriptions);
	}

	/**
	 * Return the content of an earlier message of the assistant.
	 */
	static String assistantText(AssistantMessage message) {
		StringBuilder content = new StringBuilder((message.getText() != null) ? message.getText() : "");
		for (AssistantMessage.ToolCall call : message.getToolCalls()) {
			content.append(content.isEmpty() ? "" : "\n")
				.append(CALL_START)
				.append("\n{\"name\": ")
				.append(json(call.name()))
				.append(", \"arguments\": ")
				.append(StringUtils.hasText(call.arguments()) ? call.arguments() : "{}")
				.append("}\n")
				.append(CALL_END);
		}
		return content.toString();
	}

	/**
	 * Return the user's message that contains the results of tools.
	 */
	static String resultText(ToolResponseMessage message) {
		return message.getResponses().stream().map((response) -> {
			Map<String, Object> result = new LinkedHashMap<>();
			result.put("name", response.name());
			result.put("content", response.responseData());
			return "<tool_response>\n" + json(result) + "\n</tool_response>";
		}).collect(Collectors.joining("\n"));
	}

	static String json(@Nullable Object value) {
		return MAPPER.writeValueAsString(value);
	}

	/**
	 * Return whether a text is JSON that may be a tool call without the tags, which some
	 * models write.
	 */
	static boolean looksLikeJson(String text) {
		return JSON_START.matcher(text).matches();
	}

	/**
	 * JSON objects and lists that follow each other.
	 *
	 * @param values the JSON texts
	 * @param end the index after the last one
	 */
	record JsonValues(List<String> values, int end) {

	}

	/**
	 * Return the JSON objects and lists at a place of a text, in a code block or not.
	 * @param text the text
	 * @param from the index at which they start
	 * @return the values, empty if there is something else
	 * @throws AkiJobFailedException if there is invalid JSON
	 */
	static JsonValues jsonValues(String text, int from) {
		List<String> values = new ArrayList<>();
		Matcher before = BEFORE_JSON.matcher(text).region(from, text.length());
		int start = before.lookingAt() ? before.end() : from;
		int end = from;
		while (start < text.length() && (text.charAt(start) == '{' || text.charAt(start) == '[')) {
			end = start + lengthOfJson(text.substring(start));
			values.add(text.substring(start, end));
			start = end;
			while (start < text.length() && Character.isWhitespace(text.charAt(start))) {
				start++;
			}
		}
		return new JsonValues(values, end);
	}

	private static int lengthOfJson(String text) {
		try (JsonParser parser = MAPPER.createParser(text)) {
			parser.nextToken();
			parser.skipChildren();
			return (int) parser.currentLocation().getCharOffset();
		}
		catch (JacksonException ex) {
			throw new AkiJobFailedException("A tool call of the model is not valid JSON");
		}
	}

	/**
	 * Return the part of an incomplete answer that is certainly no tool call. The part of
	 * each answer is a prefix of the same part of every longer answer.
	 */
	static String textBeforeCalls(String answer) {
		if (answer.isBlank() || looksLikeJson(answer)) {
			return "";
		}
		if (answer.contains(CALL_START)) {
			return textBeforeTag(answer);
		}
		int end = answer.length();
		int last = answer.lastIndexOf('<');
		if (last >= 0 && CALL_START.startsWith(answer.substring(last))) {
			end = last;
		}
		return answer.substring(0, end).stripTrailing();
	}

	/**
	 * Return the part of an answer before the first tag, or the whole answer.
	 */
	static String textBeforeTag(String answer) {
		int start = answer.indexOf(CALL_START);
		return (start >= 0) ? answer.substring(0, start).stripTrailing() : answer;
	}

}
