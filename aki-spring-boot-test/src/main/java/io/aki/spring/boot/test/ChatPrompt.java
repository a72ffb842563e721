package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Extracts the prompt and the messages of a chat from its parameters.
 */
final class ChatPrompt {

	private ChatPrompt() {
	}

	/**
	 * Return the prompt.
	 * @param arguments the checked parameters
	 * @return the last user message; if there is none, the value of {@code text_context}
	 * or {@code prompt_input}; an empty string if there is none of them
	 */
	static String lastOf(Map<String, @Nullable Object> arguments) {
		List<String> texts = texts(arguments, "user");
		String last = texts.isEmpty() ? "" : texts.get(texts.size() - 1);
		return last.isEmpty() ? plainText(arguments) : last;
	}

	/**
	 * Return the texts of the messages with a role.
	 * @param arguments the checked parameters
	 * @param role the role
	 * @return the texts in their order
	 */
	static List<String> texts(Map<String, @Nullable Object> arguments, String role) {
		List<String> texts = new ArrayList<>();
		for (Object message : messages(arguments)) {
			if (message instanceof Map<?, ?> fields && role.equals(fields.get("role"))) {
				texts.add(text(fields.get("content")));
			}
		}
		return texts;
	}

	/**
	 * Return whether the last message is a user message with the response of a tool.
	 * @param arguments the checked parameters
	 * @return {@code true} if it is
	 */
	static boolean isToolResponse(Map<String, @Nullable Object> arguments) {
		List<?> messages = messages(arguments);
		return !messages.isEmpty() && messages.get(messages.size() - 1) instanceof Map<?, ?> last
				&& "user".equals(last.get("role"))
				&& text(last.get("content")).stripLeading().startsWith("<" + ToolResponses.TAG + ">");
	}

	/**
	 * Return the length of the whole conversation.
	 * @param arguments the checked parameters
	 * @return the number of words, without media
	 */
	static int lengthOf(Map<String, @Nullable Object> arguments) {
		StringBuilder all = new StringBuilder(plainText(arguments));
		for (Object message : messages(arguments)) {
			if (message instanceof Map<?, ?> fields) {
				all.append(' ').append(text(fields.get("content")));
			}
		}
		return all.toString().isBlank() ? 0 : all.toString().trim().split("\\s+").length;
	}

	private static List<?> messages(Map<String, @Nullable Object> arguments) {
		Object context = arguments.get("chat_context");
		return (context instanceof String text && !text.isEmpty() && JsonText.read(text) instanceof List<?> list) ? list
				: List.of();
	}

	private static String plainText(Map<String, @Nullable Object> arguments) {
		Object text = arguments.get("text_context");
		return text((text != null && !"".equals(text)) ? text : arguments.get("prompt_input"));
	}

	private static String text(@Nullable Object content) {
		if (content instanceof List<?> parts) {
			StringBuilder text = new StringBuilder();
			for (Object part : parts) {
				if (part instanceof Map<?, ?> typed && typed.get("text") instanceof String words) {
					text.append(text.isEmpty() ? "" : " ").append(words);
				}
			}
			return text.toString();
		}
		return (content instanceof String text) ? text : "";
	}

}
