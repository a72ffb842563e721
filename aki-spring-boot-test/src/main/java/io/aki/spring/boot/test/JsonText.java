package io.aki.spring.boot.test;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes JSON as plain Java values.
 */
final class JsonText {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

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

	static byte[] bytes(@Nullable Object value) {
		return write(value).getBytes(StandardCharsets.UTF_8);
	}

}
