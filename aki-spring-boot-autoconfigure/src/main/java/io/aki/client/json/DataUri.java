package io.aki.client.json;

import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A binary value of the API: {@code data:{media type}/{format};base64,{data}}.
 *
 * @param format the format as written, such as {@code png}
 * @param data the decoded data
 * @since 1.0.0
 */
public record DataUri(String format, byte[] data) {

	private static final Pattern HEADER = Pattern.compile("data:[^/;,\\s]+/([^/;,\\s]+)(?:;[^;,\\s]+){0,10};base64,",
			Pattern.CASE_INSENSITIVE);

	private static final String BASE64 = ";base64";

	private static final String UNKNOWN_FORMAT = "octet-stream";

	/**
	 * Return the data URI of binary data.
	 * @param data the data
	 * @param format the format, such as {@code png}
	 * @param mediaType the media type, such as {@code image}; {@code null} to derive it
	 * from the format
	 * @return the data URI
	 */
	public static String encode(byte[] data, String format, @Nullable String mediaType) {
		Assert.notNull(data, "'data' must not be null");
		Assert.hasText(format, "'mediaFormat' must not be empty");
		String lowerCase = format.toLowerCase(Locale.ROOT);
		String type = (mediaType != null) ? mediaType : MediaFormat.mediaTypeOf(lowerCase);
		return "data:" + type + "/" + lowerCase + ";base64," + Base64.getEncoder().encodeToString(data);
	}

	/**
	 * Parse a complete data URI.
	 * @param text the text
	 * @return the data URI, or {@code null} if the text is not one
	 */
	public static @Nullable DataUri parse(String text) {
		Matcher header = HEADER.matcher(text);
		if (!header.lookingAt() || header.end() == text.length()) {
			return null;
		}
		byte[] data = Base64Text.decode(text, header.end());
		return (data != null) ? new DataUri(header.group(1), data) : null;
	}

	/**
	 * Decode a data URI or plain base64.
	 * @param text the text
	 * @return the data; the format of plain base64 is {@code octet-stream}
	 * @throws IllegalArgumentException if the text is neither
	 */
	public static DataUri decode(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			throw new IllegalArgumentException(
					"The text to decode is " + ((text == null) ? "null" : "empty") + ", not base64 or a data URI");
		}
		DataUri uri = parse(text);
		if (uri != null) {
			return uri;
		}
		byte[] data = Base64Text.decode(text, isDataUri(text) ? text.indexOf(',') + 1 : 0);
		if (data == null || data.length == 0) {
			throw new IllegalArgumentException(
					"The text (" + text.length() + " characters) is neither base64 nor a data URI with base64");
		}
		return new DataUri(UNKNOWN_FORMAT, data);
	}

	/**
	 * Return whether a text is base64 with correct padding, either plain or as the
	 * payload of a data URI.
	 * @param text the text
	 * @return whether it is base64
	 */
	public static boolean isStrictBase64(@Nullable String text) {
		if (text == null) {
			return false;
		}
		int start = payloadStart(text);
		byte[] data = (start >= 0) ? Base64Text.decode(text, start) : null;
		return data != null && data.length > 0
				&& Base64.getEncoder().encodeToString(data).equals(text.substring(start));
	}

	/**
	 * Return the index of the first base64 character of a data URI or of plain base64.
	 * @return the index, or -1 for a data URI that is not base64
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
