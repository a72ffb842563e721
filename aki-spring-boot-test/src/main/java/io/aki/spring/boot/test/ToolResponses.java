package io.aki.spring.boot.test;

import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Creates the answer to a message that contains the responses of tools.
 */
final class ToolResponses {

	/**
	 * The name of the tag around a response.
	 */
	static final String TAG = "tool_response";

	private ToolResponses() {
	}

	/**
	 * Return an answer that quotes the responses.
	 * @param message the text of the message
	 * @return a sentence for each response, such as
	 * {@code The tool get_weather says: 21 degrees.}
	 */
	static String answer(String message) {
		return TaggedText.contents(message, TAG).stream().map(ToolResponses::sentence).collect(Collectors.joining(" "));
	}

	private static String sentence(String response) {
		String name = "";
		String content = response;
		Map<String, @Nullable Object> object = JsonText.objectOrNull(response);
		if (object != null && object.containsKey("content")) {
			name = (object.get("name") instanceof String text) ? " " + text : "";
			content = (object.get("content") instanceof String text) ? text.strip()
					: JsonText.write(object.get("content"));
		}
		return "The tool" + name + " says: " + content + (content.matches("(?s).*[.!?]") ? "" : ".");
	}

}
