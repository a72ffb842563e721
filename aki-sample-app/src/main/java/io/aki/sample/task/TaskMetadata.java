package io.aki.sample.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.aki.spring.boot.tasks.AkiTask;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a task: the prompt, which lists show, and the small parameters that a
 * form needs to submit the task again.
 */
public final class TaskMetadata {

	private static final String PROMPT = "prompt";

	private static final String NEGATIVE_PROMPT = "negative_prompt";

	private static final String SHORTENED = "shortened";

	private static final String CONVERSATION = "conversation";

	private static final List<String> NUMBERS = List.of("width", "height", "seed", "steps");

	/** The metadata have at most 4,000 characters as JSON. */
	private static final int PROMPT_JSON_LENGTH = 3000;

	private static final int NEGATIVE_PROMPT_JSON_LENGTH = 500;

	private static final int TITLE_LENGTH = 120;

	private TaskMetadata() {
	}

	static Map<String, String> of(Map<String, Object> params) {
		Map<String, String> metadata = new LinkedHashMap<>();
		put(PROMPT, promptOf(params), PROMPT_JSON_LENGTH, metadata);
		if (params.get(NEGATIVE_PROMPT) instanceof String text) {
			put(NEGATIVE_PROMPT, text, NEGATIVE_PROMPT_JSON_LENGTH, metadata);
		}
		for (String name : NUMBERS) {
			// also a large number is long
			if (params.get(name) instanceof Number number && number.toString().length() <= 20) {
				metadata.put(name, number.toString());
			}
		}
		return metadata;
	}

	/**
	 * Return the metadata of an answer of the Chat page.
	 */
	public static Map<String, String> ofChat(String conversationId, String question) {
		Map<String, String> metadata = of(Map.of(PROMPT, question));
		metadata.put(CONVERSATION, conversationId);
		return metadata;
	}

	private static String promptOf(Map<String, Object> params) {
		return Stream.of(PROMPT, "text", "prompt_input", "text_context")
			.map(params::get)
			.filter(String.class::isInstance)
			.map(Objects::toString)
			.findFirst()
			.orElseGet(() -> lastMessage(params.get("chat_context")));
	}

	private static String lastMessage(@Nullable Object context) {
		return (context instanceof List<?> messages && !messages.isEmpty()
				&& messages.get(messages.size() - 1) instanceof Map<?, ?> message
				&& message.get("content") instanceof String content) ? content : "";
	}

	private static void put(String name, String value, int jsonLength, Map<String, String> metadata) {
		String text = value.replaceAll("[\\p{Cntrl}&&[^\\n\\r\\t]]", " ").strip();
		int length = 0;
		int json = 0;
		while (length < text.length()) {
			json += ("\"\\\n\r\t".indexOf(text.charAt(length)) >= 0) ? 2 : 1;
			if (json > jsonLength) {
				break;
			}
			length++;
		}
		metadata.put(name, cut(text, length));
		if (length < text.length()) {
			metadata.put(SHORTENED, "true");
		}
	}

	private static String cut(String text, int length) {
		if (text.length() <= length) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
		return text.substring(0, end) + "…";
	}

	/**
	 * Return the prompt of a task.
	 * @param task the task
	 * @return the prompt; the start of a long one; empty if there is none
	 */
	public static String prompt(AkiTask task) {
		return task.metadata().getOrDefault(PROMPT, "");
	}

	/**
	 * Return the text that lists show for a task.
	 * @param task the task
	 * @return the start of the prompt; empty if there is none
	 */
	public static String title(AkiTask task) {
		return cut(prompt(task), TITLE_LENGTH);
	}

	/**
	 * Return whether the metadata contain the whole prompt, so that the task can be
	 * submitted again.
	 */
	public static boolean isComplete(AkiTask task) {
		return !task.metadata().containsKey(SHORTENED);
	}

	/**
	 * Return whether the task is an answer of the Chat page.
	 */
	public static boolean isChat(AkiTask task) {
		return task.metadata().containsKey(CONVERSATION);
	}

}
