package io.aki.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A model's text, split into its reasoning and its answer.
 * <p>
 * With the output format {@code chatml} the reasoning is in {@code <think>…</think>} at
 * the start of the text. White space before the first tag is allowed. If the second tag
 * is missing, the whole rest of the text is reasoning. A tag at any other place is part
 * of the answer. With the output format {@code json} the server sends both parts
 * separately.
 * <p>
 * White space around the reasoning and between the reasoning and the answer belongs to
 * neither. A text without reasoning is an answer, character by character.
 *
 * @param thinking the reasoning, or {@code null} if there is none
 * @param answer the answer, empty if there is none
 */
record ReasoningText(@Nullable String thinking, String answer) {

	private static final String START = "<think>";

	private static final String END = "</think>";

	/**
	 * Split the text so far of a running job. Text that may still become a tag is left
	 * out of both parts. Therefore each part of a text is a prefix of the same part of
	 * every longer text, and of the parts that {@link #splitFinal(String)} returns.
	 * @param accumulated the whole text so far
	 * @return the parts so far
	 */
	static ReasoningText split(String accumulated) {
		return split(accumulated, false);
	}

	/**
	 * Split the text of a finished job. An incomplete tag at its end is text.
	 * @param text the whole text
	 * @return the parts
	 */
	static ReasoningText splitFinal(String text) {
		return split(text, true);
	}

	/**
	 * Split the {@code text} of a response, which is an object with the output format
	 * {@code json}.
	 * @param text the value as the server sent it
	 * @param complete whether this is the result of a finished job
	 * @return the parts, both without content if the value is not a text
	 */
	static ReasoningText of(@Nullable Object text, boolean complete) {
		if (text instanceof Map<?, ?> parts) {
			return new ReasoningText((parts.get("thinking") instanceof String thinking) ? nullIfBlank(thinking) : null,
					(parts.get("content") instanceof String content) ? content : "");
		}
		return (text instanceof String string) ? split(string, complete) : new ReasoningText(null, "");
	}

	private static ReasoningText split(String text, boolean complete) {
		String head = text.stripLeading();
		if (!head.startsWith(START)) {
			boolean undecided = !complete && START.startsWith(head);
			return new ReasoningText(null, undecided ? "" : text);
		}
		int end = head.indexOf(END, START.length());
		if (end < 0) {
			int length = complete ? head.length() : head.length() - lengthOfIncompleteEnd(head);
			return new ReasoningText(nullIfBlank(head.substring(START.length(), length)), "");
		}
		return new ReasoningText(nullIfBlank(head.substring(START.length(), end)),
				head.substring(end + END.length()).stripLeading());
	}

	/**
	 * Return how many of the last characters are the beginning of the second tag.
	 */
	private static int lengthOfIncompleteEnd(String head) {
		int start = head.lastIndexOf(END.charAt(0));
		return (start >= START.length() && END.startsWith(head.substring(start))) ? head.length() - start : 0;
	}

	private static @Nullable String nullIfBlank(String thinking) {
		String stripped = thinking.strip();
		return stripped.isEmpty() ? null : stripped;
	}

}
