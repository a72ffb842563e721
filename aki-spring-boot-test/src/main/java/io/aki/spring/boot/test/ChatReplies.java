package io.aki.spring.boot.test;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

import io.aki.spring.boot.test.PreparedTexts.Topic;

/**
 * Creates the emulator's answers from prepared texts and from the messages of the
 * request.
 */
final class ChatReplies {

	/**
	 * The tool call for a prompt that requests one.
	 */
	static final List<Map<String, Object>> TOOL_CALLS = List
		.of(AkiEmulatorReply.call("get_weather", Map.of("city", "Berlin")));

	private static final PreparedTexts REPLIES = PreparedTexts.load("chat/replies.md");

	private static final PreparedTexts REASONING = PreparedTexts.load("chat/reasoning.md");

	private static final Pattern FOLLOW_UP = Pattern.compile("\\b(another|again|more|next|noch ein\\w*)\\b",
			Pattern.CASE_INSENSITIVE);

	private static final int LONGEST_QUOTE = 120;

	private final long seed;

	ChatReplies(long seed) {
		this.seed = seed;
	}

	/**
	 * Return the answer to a prompt. The same prompt with the same history always gets
	 * the same answer.
	 * @param prompt the prompt
	 * @param history the other messages of the request
	 * @return the answer, which differs from those in the history if possible
	 */
	String reply(String prompt, ChatHistory history) {
		String aboutHistory = HistoryReplies.reply(prompt, history);
		if (aboutHistory != null) {
			return aboutHistory;
		}
		String question = questionOf(prompt, history.questions());
		Topic topic = REPLIES.topic(question);
		List<String> texts = topic.texts()
			.stream()
			.map((text) -> topic.complete(text, question).replace("{prompt}", quoted(prompt)))
			.toList();
		int first = new SplittableRandom(this.seed ^ prompt.hashCode()).nextInt(texts.size());
		for (int i = 0; i < texts.size(); i++) {
			String text = texts.get((first + i) % texts.size());
			if (!history.answers().contains(text)) {
				return text;
			}
		}
		return texts.get(first);
	}

	/**
	 * Return the reasoning for a prompt that requests one.
	 */
	String reasoning(String prompt) {
		return REASONING.topic(prompt).texts().get(0).replace("{length}", String.valueOf(prompt.length()));
	}

	/**
	 * Return the question that a prompt is about, which is an earlier one for a prompt
	 * such as "Another one".
	 */
	private static String questionOf(String prompt, List<String> earlier) {
		if (FOLLOW_UP.matcher(prompt).find() && REPLIES.isFallback(prompt)) {
			for (int i = earlier.size() - 1; i >= 0; i--) {
				if (!REPLIES.isFallback(earlier.get(i))) {
					return earlier.get(i);
				}
			}
		}
		return prompt;
	}

	/**
	 * Return a text in one line, shortened if necessary.
	 */
	static String quoted(String text) {
		String line = text.replaceAll("\\s+", " ").trim();
		if (line.codePointCount(0, line.length()) <= LONGEST_QUOTE) {
			return line;
		}
		return line.substring(0, line.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
	}

}
