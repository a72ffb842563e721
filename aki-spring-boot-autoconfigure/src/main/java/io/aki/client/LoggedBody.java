package io.aki.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.aki.client.json.ApiJson;
import io.aki.client.json.RequestParameters;
import org.jspecify.annotations.Nullable;

/**
 * Writes the JSON object of a request or a response for the log: without the key, without
 * binary data, and with shortened texts.
 */
final class LoggedBody {

	static final int MAX_BODY = 10_000;

	static final int MAX_TEXT = 1000;

	/** The rest of a longer text is not searched for the key, and not shown. */
	private static final int MAX_SEARCHED = 50_000;

	private static final int MAX_DATA_URI_HEAD = 100;

	private static final String MASK = "***";

	private static final Set<String> SECRETS = Set.of("key", "auth", "auth_key", "client_session_auth_key");

	private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_\\\\-]{200,}+={0,2}");

	private final KeyMask mask;

	LoggedBody(KeyMask mask) {
		this.mask = mask;
	}

	String write(Map<String, @Nullable Object> body) {
		String json = ApiJson.writeString(object(RequestParameters.values(body)));
		return shorten(json, MAX_BODY, json.length());
	}

	private Map<String, @Nullable Object> object(Map<String, @Nullable Object> object) {
		Map<String, @Nullable Object> shown = new LinkedHashMap<>();
		object.forEach((name, value) -> shown.put(text(name), SECRETS.contains(name) ? MASK : value(value)));
		return shown;
	}

	private @Nullable Object value(@Nullable Object value) {
		if (value instanceof String text) {
			return text(text);
		}
		if (value instanceof Map<?, ?> map) {
			return object(ApiJson.object(map));
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> shown = new ArrayList<>(list.size());
			list.forEach((element) -> shown.add(value(element)));
			return shown;
		}
		return value;
	}

	private String text(String text) {
		int data = dataOfUri(text);
		if (data > 0) {
			return this.mask.mask(text.substring(0, data)) + "… (" + text.length() + " characters)";
		}
		String searched = masked(text);
		String shown = BASE64.matcher(searched)
			.replaceAll((match) -> "… (" + match.group().length() + " characters of base64)");
		return shorten(shown, MAX_TEXT, text.length());
	}

	/**
	 * Return the text without the key. If the text is long, return its beginning, without
	 * the characters that may be the start of a key.
	 */
	private String masked(String text) {
		if (text.length() <= MAX_SEARCHED) {
			return this.mask.mask(text);
		}
		String masked = this.mask.mask(text.substring(0, MAX_SEARCHED));
		return masked.substring(0, Math.max(0, masked.length() - this.mask.maxLength())) + "…";
	}

	/**
	 * Return the index of the data of a data URI, or -1 for another text.
	 */
	private static int dataOfUri(String text) {
		if (!text.startsWith("data:")) {
			return -1;
		}
		int comma = text.indexOf(',');
		return (comma > 0 && comma < MAX_DATA_URI_HEAD) ? comma + 1 : -1;
	}

	private static String shorten(String text, int max, int length) {
		if (text.length() <= max) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
		return text.substring(0, end) + "… (" + length + " characters)";
	}

}
