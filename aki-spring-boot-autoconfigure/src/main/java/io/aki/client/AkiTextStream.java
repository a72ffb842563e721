package io.aki.client;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Turns the cumulative text of a job into pieces whose concatenation is the final text.
 * <p>
 * A poll brings the whole text so far, and the end of the text comes only with the
 * result; so a stream that is built from callbacks alone lacks its tail. Use it as the
 * callback, then let it {@link #finish(AkiResult) finish} with the result: <pre
 * class="code">
 * AkiTextStream text = new AkiTextStream(System.out::print);
 * AkiResult result = text.finish(aki.doApiRequest(params, text));
 * </pre>
 * <p>
 * A character that is still incomplete (half a surrogate pair, or the replacement
 * character at the end, which models send for the first bytes of an emoji) is held back
 * until it is whole. Not thread-safe; the calls of one callback come one after the other,
 * so that no more is needed. One instance serves one job.
 *
 * @since 1.0.0
 */
public final class AkiTextStream implements AkiProgressCallback {

	private static final char REPLACEMENT_CHARACTER = '\uFFFD';

	private final Consumer<String> pieces;

	private String delivered = "";

	private boolean rewritten;

	/**
	 * Create a stream whose {@link #text() text} alone is wanted.
	 */
	public AkiTextStream() {
		this((piece) -> {
		});
	}

	/**
	 * Create a stream.
	 * @param pieces takes each new piece of text, never an empty one
	 */
	public AkiTextStream(Consumer<String> pieces) {
		Assert.notNull(pieces, "'pieces' must not be null");
		this.pieces = pieces;
	}

	@Override
	public void onProgress(AkiProgressInfo info, @Nullable AkiProgressData data) {
		String text = (data != null) ? data.text() : null;
		if (text != null) {
			advance(text.substring(0, completeLength(text)));
		}
	}

	/**
	 * Deliver what is missing of the final text.
	 * @param result the job's result; a failed one without a text delivers nothing more
	 * @return the same result
	 */
	public AkiResult finish(AkiResult result) {
		String text = result.text();
		if (text != null) {
			advance(text);
			if (!text.equals(this.delivered)) {
				this.rewritten = true;
				deliver(text.substring(commonPrefix(text, this.delivered)));
				this.delivered = text;
			}
		}
		return result;
	}

	/**
	 * Return what has been delivered so far.
	 * @return the concatenation of all pieces, unless the text was {@link #isRewritten()
	 * rewritten}
	 */
	public String text() {
		return this.delivered;
	}

	/**
	 * Return whether the final text does not begin with what had been delivered, so that
	 * the pieces do not add up to it. No endpoint is known to do that; a page that wants
	 * to be sure shows {@link AkiResult#text()} in the end.
	 * @return {@code true} if the server changed its text
	 */
	public boolean isRewritten() {
		return this.rewritten;
	}

	private void advance(String text) {
		if (text.length() > this.delivered.length() && text.startsWith(this.delivered)) {
			String piece = text.substring(this.delivered.length());
			this.delivered = text;
			deliver(piece);
		}
	}

	private void deliver(String piece) {
		if (!piece.isEmpty()) {
			this.pieces.accept(piece);
		}
	}

	private static int completeLength(String text) {
		int length = text.length();
		while (length > 0 && text.charAt(length - 1) == REPLACEMENT_CHARACTER) {
			length--;
		}
		if (length > 0 && Character.isHighSurrogate(text.charAt(length - 1))) {
			length--;
		}
		return length;
	}

	private static int commonPrefix(String a, String b) {
		int length = Math.min(a.length(), b.length());
		int i = 0;
		while (i < length && a.charAt(i) == b.charAt(i)) {
			i++;
		}
		return i;
	}

}
