package io.aki.client;

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
 * JSON from which long runs of base64 are cut out while a parser reads it: an image's
 * text would go through the parser's buffers at two bytes a character. A mark takes the
 * place of each run, and the run that of the mark in what was parsed.
 */
final class Base64Runs extends InputStream {

	/** So much of a run is read by the parser: most texts are no longer. */
	private static final int LONG = 16 * 1024;

	private static final int BUFFER = 64 * 1024;

	private static final Pattern MARK = Pattern.compile("\u0000run (\\d+)\u0000");

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

	private int run;

	private final Map<String, Queue<byte[]>> runs = new HashMap<>();

	private byte[] mark = {};

	private int markPosition;

	Base64Runs(InputStream json) {
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
		if (this.markPosition == this.mark.length) {
			if (!fill()) {
				return -1;
			}
			if (this.run < LONG) {
				return pass(target, offset, length);
			}
			cutOut();
		}
		int count = Math.min(length, this.mark.length - this.markPosition);
		System.arraycopy(this.mark, this.markPosition, target, offset, count);
		this.markPosition += count;
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
		while (next < end && this.run < LONG) {
			this.run = BASE64[this.buffer[next++] & 0xff] ? this.run + 1 : 0;
		}
		int count = next - this.position;
		System.arraycopy(this.buffer, this.position, target, offset, count);
		this.position = next;
		return count;
	}

	/**
	 * Set the rest of a run aside and put a mark in its place.
	 */
	private void cutOut() throws IOException {
		Queue<byte[]> pieces = new ArrayDeque<>();
		boolean ended = false;
		while (!ended && fill()) {
			int next = this.position;
			while (next < this.limit && BASE64[this.buffer[next] & 0xff]) {
				next++;
			}
			if (next > this.position) {
				pieces.add(Arrays.copyOfRange(this.buffer, this.position, next));
			}
			ended = next < this.limit;
			this.position = next;
		}
		this.run = 0;
		String number = String.valueOf(this.runs.size());
		this.mark = ("\\u0000run " + number + "\\u0000").getBytes(StandardCharsets.US_ASCII);
		this.markPosition = 0;
		this.runs.put(number, pieces);
	}

	/**
	 * Put the runs back into what was parsed from this JSON. The containers are changed.
	 */
	void restore(Map<String, @Nullable Object> object) {
		if (!this.runs.isEmpty()) {
			object.replaceAll((name, value) -> restored(value));
		}
	}

	@SuppressWarnings("unchecked")
	private @Nullable Object restored(@Nullable Object value) {
		if (value instanceof String text) {
			return (text.length() >= LONG) ? restored(text) : text;
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
		List<Mark> marks = marks(text);
		StringBuilder whole = new StringBuilder(text.length() + marks.stream().mapToInt(Mark::runLength).sum());
		int from = 0;
		for (Mark mark : marks) {
			whole.append(text, from, mark.start());
			for (byte[] piece = mark.run().poll(); piece != null; piece = mark.run().poll()) {
				whole.append(new String(piece, StandardCharsets.ISO_8859_1));
			}
			from = mark.end();
		}
		return marks.isEmpty() ? text : whole.append(text, from, text.length()).toString();
	}

	private List<Mark> marks(String text) {
		List<Mark> marks = new ArrayList<>();
		Matcher mark = MARK.matcher(text);
		while (mark.find()) {
			Queue<byte[]> run = this.runs.remove(mark.group(1));
			if (run != null) {
				marks.add(new Mark(mark.start(), mark.end(), run));
			}
		}
		return marks;
	}

	/**
	 * A mark in a text.
	 *
	 * @param start where it begins
	 * @param end where it ends
	 * @param run the pieces of what it stands for
	 */
	private record Mark(int start, int end, Queue<byte[]> run) {

		int runLength() {
			return this.run.stream().mapToInt((piece) -> piece.length).sum();
		}

	}

}
