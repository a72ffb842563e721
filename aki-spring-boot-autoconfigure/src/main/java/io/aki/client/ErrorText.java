package io.aki.client;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Reads error texts, which the server sends as texts, lists or objects.
 */
final class ErrorText {

	private ErrorText() {
	}

	/**
	 * Return the error text of a response.
	 * @return the text, or {@code null} if the response contains none
	 */
	static @Nullable String in(Map<String, @Nullable Object> body) {
		String error = of(body.get("error"));
		return (error != null) ? error : of(body.get("message"));
	}

	/**
	 * Return a value as text.
	 * @return the text, or {@code null} for a value that is empty, zero or {@code false}
	 */
	static @Nullable String of(@Nullable Object value) {
		if (value == null || Boolean.FALSE.equals(value) || (value instanceof Map<?, ?> map && map.isEmpty())
				|| (value instanceof Number number && number.doubleValue() == 0)) {
			return null;
		}
		if (value instanceof List<?> list) {
			String joined = list.stream().map(ErrorText::of).filter(Objects::nonNull).collect(Collectors.joining("; "));
			return joined.isEmpty() ? null : joined;
		}
		String text = value.toString().strip();
		return text.isEmpty() ? null : text;
	}

}
