package io.aki.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.aki.client.json.ApiJson;
import org.jspecify.annotations.Nullable;

/**
 * Masks the API key of an exchange in responses and exceptions. A server or a gateway may
 * repeat the request in its error texts, and an HTTP engine in its exceptions.
 */
final class KeyMask {

	/**
	 * A shorter key is not a secret, and its characters occur in other texts by chance.
	 */
	static final int MIN_LENGTH = 6;

	private static final String MASK = "***";

	/** The maximum length of the encoded form of one character: %XX for each byte. */
	private static final int LONGEST_FORM = 12;

	private static final Map<Integer, String> ENTITIES = Map.of((int) '&', "amp", (int) '<', "lt", (int) '>', "gt",
			(int) '"', "quot", (int) '\'', "apos");

	private final @Nullable String key;

	private volatile @Nullable Pattern pattern;

	KeyMask(@Nullable String key) {
		this.key = (key != null && key.length() >= MIN_LENGTH) ? key : null;
	}

	boolean isOf(@Nullable String key) {
		return key != null && key.equals(this.key);
	}

	/**
	 * Return how many characters at the end of a text that is cut off may be the start of
	 * the key.
	 */
	int maxLength() {
		return (this.key != null) ? this.key.length() * LONGEST_FORM : 0;
	}

	String mask(String text) {
		return (this.key != null && text.length() >= this.key.length())
				? pattern(this.key).matcher(text).replaceAll(MASK) : text;
	}

	/**
	 * Mask the names and texts of an object and of the objects in it.
	 */
	Map<String, @Nullable Object> mask(Map<String, @Nullable Object> object) {
		if (this.key == null) {
			return object;
		}
		Map<String, @Nullable Object> masked = new LinkedHashMap<>();
		object.forEach((name, value) -> masked.put(mask(name), maskValue(value)));
		return masked;
	}

	private @Nullable Object maskValue(@Nullable Object value) {
		if (value instanceof String text) {
			return mask(text);
		}
		if (value instanceof Map<?, ?> map) {
			return mask(ApiJson.object(map));
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> masked = new ArrayList<>(list.size());
			list.forEach((element) -> masked.add(maskValue(element)));
			return masked;
		}
		return value;
	}

	/**
	 * Return the exception, or one with the same message without the key.
	 */
	@Nullable Throwable mask(@Nullable Throwable thrown) {
		return (thrown != null && shows(thrown, Collections.newSetFromMap(new java.util.IdentityHashMap<>())))
				? masked(thrown, new HashSet<>()) : thrown;
	}

	private boolean shows(Throwable thrown, Set<Throwable> seen) {
		if (!seen.add(thrown)) {
			return false;
		}
		String text = thrown.toString();
		if (!mask(text).equals(text) || (thrown.getCause() != null && shows(thrown.getCause(), seen))) {
			return true;
		}
		for (Throwable suppressed : thrown.getSuppressed()) {
			if (shows(suppressed, seen)) {
				return true;
			}
		}
		return false;
	}

	private Throwable masked(Throwable thrown, Set<Throwable> seen) {
		Throwable cause = thrown.getCause();
		IOException masked = new IOException(mask(thrown.toString()),
				(cause != null && seen.add(cause)) ? masked(cause, seen) : null);
		masked.setStackTrace(thrown.getStackTrace());
		return masked;
	}

	private Pattern pattern(String key) {
		Pattern pattern = this.pattern;
		if (pattern == null) {
			StringBuilder regex = new StringBuilder();
			key.codePoints().forEach((c) -> regex.append("(?:").append(forms(c)).append(')'));
			pattern = Pattern.compile(regex.toString());
			this.pattern = pattern;
		}
		return pattern;
	}

	/**
	 * Return a pattern for the forms of a character: plain, or encoded for a URL, JSON or
	 * HTML. Servers encode different characters.
	 */
	private static String forms(int c) {
		String text = Character.toString(c);
		StringBuilder url = new StringBuilder();
		for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
			url.append('%').append("%02X".formatted(b));
		}
		StringBuilder json = new StringBuilder();
		text.chars().forEach((unit) -> json.append("\\\\+u").append("%04X".formatted(unit)));
		String entity = ENTITIES.get(c);
		return ("\"\\/'".indexOf(c) >= 0 ? "\\\\{0,8}" : "") + Pattern.quote(text) + "|(?i:" + url + "|" + json
				+ "|&#0*" + c + ";|&#x0*" + Integer.toHexString(c) + ";" + ((entity != null) ? "|&" + entity + ";" : "")
				+ ")";
	}

	@Override
	public String toString() {
		return "KeyMask[" + MASK + "]";
	}

}
