package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The output format of a chat.
 */
@FunctionalInterface
interface ChatFormat {

	/**
	 * The format whose text object contains the tool calls.
	 */
	String WITH_TOOL_CALLS = "json";

	/**
	 * Format a text.
	 * @param text the complete or partial text, with reasoning between {@code <think>}
	 * tags
	 * @return the value of {@code text} in the response
	 */
	Object form(String text);

	/**
	 * Return the format with a name.
	 * @param name the name, which is a value of the parameter {@code chat_output_format}
	 * @param toolCalls the JSON text of the tool calls in the answer
	 * @return the format
	 */
	static ChatFormat of(String name, String toolCalls) {
		return name.equals(WITH_TOOL_CALLS) ? (text) -> object(text, toolCalls) : (text) -> text;
	}

	private static Map<String, Object> object(String text, String toolCalls) {
		String thinking = "";
		String content = text;
		if (text.startsWith("<think>")) {
			int end = text.indexOf("</think>");
			thinking = text.substring("<think>".length(), (end < 0) ? text.length() : end).strip();
			content = (end < 0) ? "" : text.substring(end + "</think>".length()).stripLeading();
		}
		Map<String, Object> object = new LinkedHashMap<>();
		object.put("thinking", thinking);
		object.put("content", content);
		object.put("tool_calls", toolCalls);
		return object;
	}

}
