package io.aki.spring.boot.test;

import java.util.Map;

/**
 * The place of tool calls in the response to a chat.
 */
enum ToolCallForm {

	/**
	 * In the text object of the JSON output format.
	 */
	TEXT_OBJECT,

	/**
	 * In the output {@code tool_calls} of the result.
	 */
	OUTPUT,

	/**
	 * In the text, between {@code <tool_call>} tags.
	 */
	TEXT,

	/**
	 * The request does not support tool calls.
	 */
	NONE;

	/**
	 * Return the text that the model writes.
	 */
	String text(AkiEmulatorReply reply) {
		StringBuilder text = new StringBuilder(reply.wholeText());
		if (this == TEXT) {
			for (Object call : JsonText.readAll(reply.toolCallsAsJson())) {
				text.append(text.isEmpty() ? "" : "\n")
					.append("<tool_call>\n")
					.append(JsonText.writeSpaced(call))
					.append("\n</tool_call>");
			}
		}
		return text.toString();
	}

	/**
	 * Return the values of the additional outputs.
	 */
	Map<String, Object> outputs(AkiEmulatorReply reply) {
		return (this == OUTPUT && reply.callsTools()) ? Map.of("tool_calls", reply.toolCallsAsJson()) : Map.of();
	}

}
