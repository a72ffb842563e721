package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The form in which a chat's text goes out.
 */
@FunctionalInterface
interface ChatFormat {

	/**
	 * Forms a text.
	 * @param text the text or its beginning, with reasoning between {@code <think>} tags
	 * @return what the answer's {@code text} holds
	 */
	Object form(String text);

	static ChatFormat of(String name, boolean callsTool) {
		if (!name.equals("json")) {
			return (text) -> text;
		}
		String toolCalls = JsonText.write(callsTool ? List.of(toolCall()) : List.of());
		return (text) -> object(text, toolCalls);
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

	private static Map<String, Object> toolCall() {
		Map<String, Object> call = new LinkedHashMap<>();
		call.put("name", "get_weather");
		call.put("arguments", Map.of("city", "Berlin"));
		return call;
	}

}
