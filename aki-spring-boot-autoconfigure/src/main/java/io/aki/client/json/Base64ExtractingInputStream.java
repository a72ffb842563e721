package io.aki.client.json;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * JSON whose long base64 sections do not reach the parser, which would copy an image at
 * two bytes per character. A placeholder replaces each section while the parser reads.
 * {@link #restore} puts the sections back into the parsed object.
 */
final class Base64ExtractingInputStream extends InputStream {

	/** The parser reads this much of a section. Most texts are not longer. */
	private static final int MIN_LENGTH = 16 * 1024;

	private static final int BUFFER = 64 * 1024;

	private static final Pattern PLACEHOLDER = Pattern.compile("\u0000section (\\d+)\u0000");

	private static final boolean[] BASE64 = new boolean[256];

	static {
		for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".toCharArray()) {
			BASE64[c] = true;
		}
	}

	private final InputStream json;

	private final byte[] buffer = new byte[BUFFER];

	private int position;

	private int limit;

	private int length;

	private final Map<String, Queue<byte[]>> sections = new HashMap<>();

	private byte[] placeholder = {};

	private int placeholderPosition;

	Base64ExtractingInputStream(InputStream json) {
		this.json = json;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) == 1) ? one[0] & 0xff : -1;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (this.placeholderPosition == this.placeholder.length) {
			if (!fill()) {
				return -1;
			}
			if (this.length < MIN_LENGTH) {
				return pass(target, offset, length);
			}
			extract();
		}
		int count = Math.min(length, this.placeholder.length - this.placeholderPosition);
		System.arraycopy(this.placeholder, this.placeholderPosition, target, offset, count);
		this.placeholderPosition += count;
		return count;
	}

	private boolean fill() throws IOException {
		if (this.position < this.limit) {
			return true;
		}
		this.position = 0;
		this.limit = Math.max(this.json.read(this.buffer), 0);
		return this.limit > 0;
	}

	private int pass(byte[] target, int offset, int length) {
		int end = Math.min(this.limit, this.position + length);
		int next = this.position;
		while (next < end && this.length < MIN_LENGTH) {
			this.length = BASE64[this.buffer[next++] & 0xff] ? this.length + 1 : 0;
		}
		int count = next - this.position;
		System.arraycopy(this.buffer, this.position, target, offset, count);
		this.position = next;
		return count;
	}

	/**
	 * Extract the rest of a section and put a placeholder in its place.
	 */
	private void extract() throws IOException {
		Queue<byte[]> parts = new ArrayDeque<>();
		boolean ended = false;
		while (!ended && fill()) {
			int next = this.position;
			while (next < this.limit && BASE64[this.buffer[next] & 0xff]) {
				next++;
			}
			if (next > this.position) {
				parts.add(Arrays.copyOfRange(this.buffer, this.position, next));
			}
			ended = next < this.limit;
			this.position = next;
		}
		this.length = 0;
		String number = String.valueOf(this.sections.size());
		this.placeholder = ("\\u0000section " + number + "\\u0000").getBytes(StandardCharsets.US_ASCII);
		this.placeholderPosition = 0;
		this.sections.put(number, parts);
	}

	/**
	 * Put the sections back into the object that was parsed from this JSON, in place.
	 */
	void restore(Map<String, @Nullable Object> object) {
		if (!this.sections.isEmpty()) {
			object.replaceAll((name, value) -> restored(value));
		}
	}

	@SuppressWarnings("unchecked")
	private @Nullable Object restored(@Nullable Object value) {
		if (value instanceof String text) {
			return (text.length() >= MIN_LENGTH) ? restored(text) : text;
		}
		if (value instanceof Map<?, ?> map) {
			((Map<Object, @Nullable Object>) map).replaceAll((name, element) -> restored(element));
		}
		else if (value instanceof List<?> list) {
			((List<@Nullable Object>) list).replaceAll(this::restored);
		}
		return value;
	}

	private String restored(String text) {
		List<Placeholder> placeholders = placeholders(text);
		StringBuilder whole = new StringBuilder(
				text.length() + placeholders.stream().mapToInt(Placeholder::sectionLength).sum());
		int from = 0;
		for (Placeholder placeholder : placeholders) {
			whole.append(text, from, placeholder.start());
			for (byte[] part = placeholder.section().poll(); part != null; part = placeholder.section().poll()) {
				whole.append(new String(part, StandardCharsets.ISO_8859_1));
			}
			from = placeholder.end();
		}
		return placeholders.isEmpty() ? text : whole.append(text, from, text.length()).toString();
	}

	private List<Placeholder> placeholders(String text) {
		List<Placeholder> placeholders = new ArrayList<>();
		Matcher placeholder = PLACEHOLDER.matcher(text);
		while (placeholder.find()) {
			Queue<byte[]> section = this.sections.remove(placeholder.group(1));
			if (section != null) {
				placeholders.add(new Placeholder(placeholder.start(), placeholder.end(), section));
			}
		}
		return placeholders;
	}

	/**
	 * A placeholder in a text.
	 *
	 * @param start the index of its first character
	 * @param end the index after its last character
	 * @param section the parts of the section that it replaces
	 */
	private record Placeholder(int start, int end, Queue<byte[]> section) {

		int sectionLength() {
			return this.section.stream().mapToInt((part) -> part.length).sum();
		}

	}

}
