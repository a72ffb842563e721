package io.aki.client;

import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The API's form of binary values: {@code data:{media type}/{format};base64,{data}}.
 */
final class DataUri {

	private static final Pattern HEADER = Pattern.compile("data:[^/;,\\s]+/([^/;,\\s]+)(?:;[^;,\\s]+){0,10};base64,",
			Pattern.CASE_INSENSITIVE);

	private static final String BASE64 = ";base64";

	private static final String UNKNOWN_FORMAT = "octet-stream";

	private DataUri() {
	}

	static String encode(byte[] data, String format, @Nullable String mediaType) {
		Assert.notNull(data, "'data' must not be null");
		Assert.hasText(format, "'mediaFormat' must not be empty");
		String lowerCase = format.toLowerCase(Locale.ROOT);
		String type = (mediaType != null) ? mediaType : MediaFormat.mediaTypeOf(lowerCase);
		return "data:" + type + "/" + lowerCase + ";base64," + Base64.getEncoder().encodeToString(data);
	}

	/**
	 * Read a complete data URI.
	 * @return the decoded value, or {@code null} for any other text
	 */
	static @Nullable AkiBinary parse(String text) {
		Matcher header = HEADER.matcher(text);
		if (!header.lookingAt() || header.end() == text.length()) {
			return null;
		}
		byte[] data = Base64Text.decode(text, header.end());
		return (data != null) ? new AkiBinary(header.group(1), data) : null;
	}

	/**
	 * Read a data URI or bare base64.
	 */
	static AkiBinary decode(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			throw new IllegalArgumentException("There is nothing to decode: the text is "
					+ ((text == null) ? "null" : "empty") + ", not base64 or a data URI");
		}
		AkiBinary binary = parse(text);
		if (binary != null) {
			return binary;
		}
		byte[] data = Base64Text.decode(text, isDataUri(text) ? text.indexOf(',') + 1 : 0);
		if (data == null || data.length == 0) {
			throw new IllegalArgumentException(
					"The text (" + text.length() + " characters) is neither base64 nor a data URI with base64");
		}
		return new AkiBinary(UNKNOWN_FORMAT, data);
	}

	/**
	 * Tell whether a text is base64, bare or as the payload of a data URI, with the
	 * padding that belongs to it.
	 */
	static boolean isStrictBase64(@Nullable String text) {
		if (text == null) {
			return false;
		}
		int start = payloadStart(text);
		byte[] data = (start >= 0) ? Base64Text.decode(text, start) : null;
		return data != null && data.length > 0
				&& Base64.getEncoder().encodeToString(data).equals(text.substring(start));
	}

	/**
	 * Return where the base64 of a data URI or of a bare text begins.
	 * @return the index, or -1 for a data URI with something else than base64
	 */
	private static int payloadStart(String text) {
		if (!isDataUri(text)) {
			return 0;
		}
		int comma = text.indexOf(',');
		return text.regionMatches(true, comma - BASE64.length(), BASE64, 0, BASE64.length()) ? comma + 1 : -1;
	}

	private static boolean isDataUri(String text) {
		return text.regionMatches(true, 0, "data:", 0, 5);
	}

}
