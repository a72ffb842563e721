package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The messages that a chat request contains in addition to its prompt.
 *
 * @param system the system messages
 * @param questions the earlier messages of the user, without responses of tools
 * @param answers the earlier messages of the model, without calls of tools
 */
record ChatHistory(List<String> system, List<String> questions, List<String> answers) {

	/**
	 * Read the history from the parameters of a request.
	 * @param arguments the checked parameters
	 * @return the history
	 */
	static ChatHistory of(Map<String, @Nullable Object> arguments) {
		List<String> questions = new ArrayList<>(ChatPrompt.texts(arguments, "user"));
		if (!questions.isEmpty()) {
			questions.remove(questions.size() - 1);
		}
		return new ChatHistory(ChatPrompt.texts(arguments, "system"), withoutTools(questions),
				withoutTools(ChatPrompt.texts(arguments, "assistant")));
	}

	private static List<String> withoutTools(List<String> messages) {
		return messages.stream().filter((message) -> !message.stripLeading().startsWith("<tool_")).toList();
	}

}
