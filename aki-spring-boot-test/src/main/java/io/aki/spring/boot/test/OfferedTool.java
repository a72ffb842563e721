package io.aki.spring.boot.test;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A tool that a chat request offers to the model.
 *
 * @param name the name
 * @param parameters the JSON schema of the arguments
 */
record OfferedTool(String name, Map<String, @Nullable Object> parameters) {

	// characters that are no letters or digits, and the positions between the words of
	// getWeather and getHTTPStatus
	private static final Pattern BETWEEN_WORDS = Pattern
		.compile("[^\\p{L}\\p{N}]+|(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

	private static final Set<String> IGNORED = Set.of("", "a", "an", "and", "at", "by", "current", "do", "for", "from",
			"get", "in", "is", "of", "on", "or", "the", "to", "what", "with");

	/**
	 * Read a tool.
	 * @param definition the definition, with or without an object {@code function}
	 * @return the tool, {@code null} if the definition has no name
	 */
	static @Nullable OfferedTool of(Object definition) {
		Map<String, @Nullable Object> fields = JsonText.asObject(definition);
		Map<String, @Nullable Object> function = (fields != null) ? JsonText.asObject(fields.get("function")) : null;
		Map<String, @Nullable Object> tool = (function != null) ? function : fields;
		if (tool == null || !(tool.get("name") instanceof String name)) {
			return null;
		}
		Map<String, @Nullable Object> parameters = JsonText.asObject(tool.get("parameters"));
		return new OfferedTool(name, (parameters != null) ? parameters : Map.of());
	}

	/**
	 * Return whether the prompt and the name have a word in common.
	 */
	boolean matches(String prompt) {
		Set<String> words = words(this.name);
		return words(prompt).stream().anyMatch(words::contains);
	}

	private static Set<String> words(String text) {
		return BETWEEN_WORDS.splitAsStream(text)
			.map((word) -> word.toLowerCase(Locale.ROOT))
			.filter((word) -> !IGNORED.contains(word))
			.collect(Collectors.toSet());
	}

}
