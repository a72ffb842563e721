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

	private static final List<String> NUMBERS = List.of("width", "height", "seed", "steps");

	/** The metadata have at most 4,000 characters as JSON, which escapes some of them. */
	private static final int PROMPT_LENGTH = 1000;

	private static final int NEGATIVE_PROMPT_LENGTH = 500;

	private static final int TITLE_LENGTH = 120;

	private TaskMetadata() {
	}

	static Map<String, String> of(Map<String, Object> params) {
		Map<String, String> metadata = new LinkedHashMap<>();
		metadata.put(PROMPT, text(promptOf(params), PROMPT_LENGTH));
		if (params.get(NEGATIVE_PROMPT) instanceof String text) {
			metadata.put(NEGATIVE_PROMPT, text(text, NEGATIVE_PROMPT_LENGTH));
		}
		for (String name : NUMBERS) {
			// also a large number is long
			if (params.get(name) instanceof Number number && number.toString().length() <= 20) {
				metadata.put(name, number.toString());
			}
		}
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

	private static String text(String text, int length) {
		return cut(text.replaceAll("[\\p{Cntrl}&&[^\\n\\r\\t]]", " ").strip(), length);
	}

	private static String cut(String text, int length) {
		if (text.length() <= length) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
		return text.substring(0, end) + "…";
	}

	/**
	 * Return the text that lists show for a task.
	 * @param task the task
	 * @return the start of the prompt; empty if there is none
	 */
	public static String title(AkiTask task) {
		return cut(task.metadata().getOrDefault(PROMPT, ""), TITLE_LENGTH);
	}

	/**
	 * Return the values of the form that submits a task again.
	 * @param task the task
	 * @return the values by the names of the parameters
	 */
	public static Map<String, Object> form(AkiTask task) {
		Map<String, Object> form = new LinkedHashMap<>(task.metadata());
		form.put("endpoint", task.endpoint());
		return form;
	}

}
