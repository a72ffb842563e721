package io.aki.spring.boot.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of a resource, by topic. The resource has the following format: a line with
 * {@code @@} and a regular expression starts a topic, a line with {@code @@} starts
 * another text of the same topic. The expression of the last topic matches any prompt.
 * Immutable.
 */
final class PreparedTexts {

	private static final Pattern START = Pattern.compile("^@@ *", Pattern.MULTILINE);

	private static final int LONGEST_SEARCH = 2000;

	private final List<Topic> topics;

	private PreparedTexts(List<Topic> topics) {
		this.topics = List.copyOf(topics);
	}

	/**
	 * Read a resource.
	 * @param name the name of the resource, relative to the package
	 * @return its texts
	 */
	static PreparedTexts load(String name) {
		List<Topic> topics = new ArrayList<>();
		START.splitAsStream(content(name)).skip(1).forEach((part) -> {
			int endOfLine = part.indexOf('\n');
			String expression = part.substring(0, endOfLine).strip();
			if (!expression.isEmpty()) {
				topics.add(
						new Topic(
								Pattern.compile(expression,
										Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE
												| Pattern.UNICODE_CHARACTER_CLASS | Pattern.DOTALL),
								new ArrayList<>()));
			}
			topics.get(topics.size() - 1).texts().add(part.substring(endOfLine).strip());
		});
		return new PreparedTexts(topics);
	}

	/**
	 * Return the first topic that matches the beginning of a prompt.
	 */
	Topic topic(String prompt) {
		String beginning = prompt.substring(0, Math.min(prompt.length(), LONGEST_SEARCH));
		return this.topics.stream()
			.filter((topic) -> topic.pattern().matcher(beginning).find())
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Return whether only the last topic matches a prompt.
	 */
	boolean isFallback(String prompt) {
		return topic(prompt) == this.topics.get(this.topics.size() - 1);
	}

	List<Topic> topics() {
		return this.topics;
	}

	private static String content(String name) {
		try (InputStream resource = PreparedTexts.class.getResourceAsStream(name)) {
			return new String(Objects.requireNonNull(resource, name).readAllBytes(), StandardCharsets.UTF_8)
				.replace("\r\n", "\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The texts for some prompts.
	 *
	 * @param pattern the expression to find in a prompt
	 * @param texts the texts, in which <code>{1}</code> stands for the group that matches
	 */
	record Topic(Pattern pattern, List<String> texts) {

		/**
		 * Replace <code>{1}</code> in a text.
		 * @param text one of the texts
		 * @param prompt the prompt
		 * @return the text with the first group that has matched
		 */
		String complete(String text, String prompt) {
			Matcher matcher = this.pattern.matcher(prompt);
			if (!text.contains("{1}") || !matcher.find()) {
				return text;
			}
			for (int i = 1; i <= matcher.groupCount(); i++) {
				if (matcher.group(i) != null) {
					return text.replace("{1}", matcher.group(i));
				}
			}
			return text;
		}

	}

}
