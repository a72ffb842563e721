package io.aki.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.web.util.HtmlUtils;
import org.springframework.web.util.UriUtils;

/**
 * Takes a request's API key out of what comes back: a server or a gateway may repeat the
 * request in its error.
 */
final class KeyMask {

	/** A shorter key is no secret, and would be found in innocent words. */
	private static final int MIN_LENGTH = 8;

	private static final String MASK = "***";

	private final @Nullable String key;

	KeyMask(@Nullable String key) {
		this.key = (key != null && key.length() >= MIN_LENGTH) ? key : null;
	}

	private List<String> spellings() {
		String key = this.key;
		return (key != null) ? spellings(key) : List.of();
	}

	private static List<String> spellings(String key) {
		String json = WireJson.writeString(key);
		return Stream
			.of(key, json.substring(1, json.length() - 1), UriUtils.encode(key, StandardCharsets.UTF_8),
					UriUtils.encodeQueryParam(key, StandardCharsets.UTF_8),
					URLEncoder.encode(key, StandardCharsets.UTF_8), HtmlUtils.htmlEscape(key))
			.distinct()
			.sorted(Comparator.comparingInt(String::length).reversed())
			.toList();
	}

	String mask(String text) {
		String masked = text;
		for (String spelling : spellings()) {
			masked = masked.replace(spelling, MASK);
		}
		return masked;
	}

	private boolean isIn(@Nullable String text) {
		return text != null && spellings().stream().anyMatch(text::contains);
	}

	/**
	 * Return a copy of an object without the key in its texts.
	 */
	Map<String, @Nullable Object> mask(Map<?, ?> object) {
		Map<String, @Nullable Object> masked = new LinkedHashMap<>();
		object.forEach((name, value) -> masked.put(mask(String.valueOf(name)), mask(value)));
		return masked;
	}

	private @Nullable Object mask(@Nullable Object value) {
		if (value instanceof String text) {
			return mask(text);
		}
		if (value instanceof Map<?, ?> map) {
			return mask(map);
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> masked = new ArrayList<>(list.size());
			list.forEach((element) -> masked.add(mask(element)));
			return masked;
		}
		return value;
	}

	/**
	 * Return an exception that does not show the key.
	 * @return the exception, or {@code null} if it or what caused it does
	 */
	@Nullable Throwable keyless(@Nullable Throwable cause) {
		int depth = 0;
		for (Throwable next = cause; next != null && depth++ < 100; next = next.getCause()) {
			if (isIn(next.getMessage()) || Stream.of(next.getSuppressed()).anyMatch((ex) -> isIn(ex.getMessage()))) {
				return null;
			}
		}
		return cause;
	}

}
