package io.aki.spring.boot.test;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes JSON as plain Java values.
 */
final class JsonText {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static final ObjectWriter SPACED = MAPPER.writer()
		.with(new DefaultPrettyPrinter(Separators.createDefaultInstance()
			.withObjectNameValueSpacing(Separators.Spacing.AFTER)
			.withObjectEntrySpacing(Separators.Spacing.AFTER)
			.withArrayElementSpacing(Separators.Spacing.AFTER)
			.withObjectEmptySeparator("")
			.withArrayEmptySeparator("")).withObjectIndenter(DefaultPrettyPrinter.NopIndenter.instance())
			.withArrayIndenter(DefaultPrettyPrinter.NopIndenter.instance()));

	private JsonText() {
	}

	/**
	 * Parse a JSON text.
	 * @param text the text
	 * @return its value
	 * @throws JacksonException if it is not JSON
	 */
	static @Nullable Object read(String text) {
		return MAPPER.readValue(text, Object.class);
	}

	static boolean isValid(String text) {
		try {
			read(text);
			return true;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	/**
	 * Parse a text that may contain several JSON values, separated by whitespace.
	 * @param text the text
	 * @return the values in their order; if a value is a list, its elements instead;
	 * without {@code null}. The result is empty if the text is not JSON
	 */
	static List<Object> readAll(String text) {
		try (MappingIterator<Object> values = MAPPER.readerFor(Object.class).readValues(text)) {
			return values.readAll()
				.stream()
				.flatMap((value) -> (value instanceof List<?> list) ? list.stream() : Stream.ofNullable(value))
				.filter(Objects::nonNull)
				.map(Object.class::cast)
				.toList();
		}
		catch (JacksonException ex) {
			return List.of();
		}
	}

	/**
	 * Parse a text that may be a JSON object.
	 * @param text the text
	 * @return the object, {@code null} if the text is anything else
	 */
	static @Nullable Map<String, @Nullable Object> objectOrNull(String text) {
		try {
			return asObject(read(text));
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	@SuppressWarnings("unchecked")
	static @Nullable Map<String, @Nullable Object> asObject(@Nullable Object value) {
		return (value instanceof Map<?, ?> map) ? (Map<String, @Nullable Object>) map : null;
	}

	@SuppressWarnings("unchecked")
	static Map<String, @Nullable Object> object(InputStream source) {
		return MAPPER.readValue(source, Map.class);
	}

	static String write(@Nullable Object value) {
		return MAPPER.writeValueAsString(value);
	}

	/**
	 * Write a value with spaces between its elements, as models write JSON.
	 */
	static String writeSpaced(@Nullable Object value) {
		return SPACED.writeValueAsString(value);
	}

	static byte[] bytes(@Nullable Object value) {
		return write(value).getBytes(StandardCharsets.UTF_8);
	}

}
