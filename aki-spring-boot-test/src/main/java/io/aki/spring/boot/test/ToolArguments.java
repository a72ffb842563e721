package io.aki.spring.boot.test;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Creates the arguments of a tool call from the JSON schema of the tool and the prompt.
 */
final class ToolArguments {

	private static final int MOST_OPTIONAL = 3;

	private static final Set<String> CONTAINERS = Set.of("array", "object");

	private static final Pattern NUMBER = Pattern.compile("(?<![\\p{L}\\p{N}])-?\\d+(?:\\.\\d+)?");

	private static final Pattern OUTER_PUNCTUATION = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

	private final String prompt;

	private ToolArguments(String prompt) {
		this.prompt = prompt;
	}

	/**
	 * Create the arguments.
	 * @param schema the JSON schema of the tool's parameters
	 * @param prompt the prompt
	 * @return a value for each required property. If no property is required, values for
	 * the first three properties that are not arrays or objects
	 */
	static Map<String, Object> of(Map<String, @Nullable Object> schema, String prompt) {
		ToolArguments arguments = new ToolArguments(prompt);
		Map<String, Object> values = new LinkedHashMap<>();
		Map<String, @Nullable Object> properties = objectOrEmpty(schema.get("properties"));
		names(schema, properties)
			.forEach((name) -> values.put(name, arguments.value(objectOrEmpty(properties.get(name)))));
		return values;
	}

	private static List<String> names(Map<String, @Nullable Object> schema, Map<String, @Nullable Object> properties) {
		if (schema.get("required") instanceof List<?> required && !required.isEmpty()) {
			return required.stream().map(String::valueOf).toList();
		}
		return properties.keySet()
			.stream()
			.filter((name) -> !CONTAINERS.contains(type(objectOrEmpty(properties.get(name)))))
			.limit(MOST_OPTIONAL)
			.toList();
	}

	private Object value(Map<String, @Nullable Object> property) {
		List<Object> allowed = nonNull(property.get("enum"));
		if (!allowed.isEmpty()) {
			return allowed.stream().filter(this::occurs).findFirst().orElse(allowed.get(0));
		}
		return switch (type(property)) {
			case "integer" -> number().toBigInteger();
			case "number" -> number();
			case "boolean" -> true;
			case "array" -> List.of();
			case "object" -> Map.of();
			default -> text();
		};
	}

	private boolean occurs(Object value) {
		return Pattern
			.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(value.toString()) + "(?![\\p{L}\\p{N}])",
					Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
			.matcher(this.prompt)
			.find();
	}

	private BigDecimal number() {
		Matcher number = NUMBER.matcher(this.prompt);
		return number.find() ? new BigDecimal(number.group()) : BigDecimal.ONE;
	}

	/**
	 * Return the last capitalized word that is not the first word. If there is none,
	 * return the last word.
	 */
	private String text() {
		List<String> words = Stream.of(this.prompt.split("\\s+"))
			.map((word) -> OUTER_PUNCTUATION.matcher(word).replaceAll(""))
			.filter((word) -> !word.isEmpty())
			.toList();
		for (int i = words.size() - 1; i > 0; i--) {
			if (Character.isUpperCase(words.get(i).codePointAt(0))) {
				return words.get(i);
			}
		}
		return words.isEmpty() ? "" : words.get(words.size() - 1);
	}

	// a nullable property has a list of types
	private static String type(Map<String, @Nullable Object> property) {
		List<Object> types = nonNull(property.get("type"));
		return types.stream().map(Object::toString).filter((type) -> !type.equals("null")).findFirst().orElse("string");
	}

	private static List<Object> nonNull(@Nullable Object value) {
		Stream<?> values = (value instanceof List<?> list) ? list.stream() : Stream.ofNullable(value);
		return values.filter(Objects::nonNull).map(Object.class::cast).toList();
	}

	private static Map<String, @Nullable Object> objectOrEmpty(@Nullable Object value) {
		Map<String, @Nullable Object> object = JsonText.asObject(value);
		return (object != null) ? object : Map.of();
	}

}
