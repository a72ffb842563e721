package io.aki.client.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * Decodes base64 in pieces, so that a text of many megabytes is not copied first.
 */
final class Base64Text {

	private static final int PIECE = 64 * 1024;

	private Base64Text() {
	}

	/**
	 * Decode the end of a text.
	 * @param text the text
	 * @param start the index of the first base64 character
	 * @return the data, or {@code null} if it is not base64
	 */
	static byte @Nullable [] decode(String text, int start) {
		byte[] data = new byte[decodedLength(text, start)];
		int position = 0;
		try {
			for (int from = start; from < text.length(); from += PIECE) {
				String piece = text.substring(from, Math.min(text.length(), from + PIECE));
				byte[] decoded = Base64.getDecoder().decode(piece.getBytes(StandardCharsets.ISO_8859_1));
				boolean last = from + PIECE >= text.length();
				if (position + decoded.length > data.length || (!last && decoded.length != PIECE / 4 * 3)) {
					return null;
				}
				System.arraycopy(decoded, 0, data, position, decoded.length);
				position += decoded.length;
			}
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
		return (position == data.length) ? data : Arrays.copyOf(data, position);
	}

	private static int decodedLength(String text, int start) {
		int end = text.length();
		while (end > start && end > text.length() - 2 && text.charAt(end - 1) == '=') {
			end--;
		}
		return (int) ((end - start) * 3L / 4);
	}

}
