package io.aki.client;

/**
 * Computes the differences between the versions of a text that grows. Not thread-safe.
 */
final class TextDelta {

	private static final char REPLACEMENT_CHARACTER = '\uFFFD';

	private String text = "";

	private boolean rewritten;

	/**
	 * Return the text so far.
	 */
	String text() {
		return this.text;
	}

	/**
	 * Return whether the final text does not start with the text before.
	 */
	boolean isRewritten() {
		return this.rewritten;
	}

	/**
	 * Take a longer version of the text. A version that does not start with the text so
	 * far is ignored.
	 * @return the difference, or an empty text
	 */
	String advance(String longer) {
		if (longer.length() <= this.text.length() || !longer.startsWith(this.text)) {
			return "";
		}
		String difference = longer.substring(this.text.length());
		this.text = longer;
		return difference;
	}

	/**
	 * Take the final version of the text.
	 * @return the difference, which starts at the first character that differs
	 */
	String finish(String last) {
		String difference = advance(last);
		if (!last.equals(this.text)) {
			this.rewritten = true;
			difference = last.substring(commonPrefix(last, this.text));
			this.text = last;
		}
		return difference;
	}

	/**
	 * Return a text without an incomplete character at its end: half a surrogate pair, or
	 * the replacement character, which models send for the first bytes of an emoji.
	 */
	static String complete(String text) {
		int length = text.length();
		while (length > 0 && text.charAt(length - 1) == REPLACEMENT_CHARACTER) {
			length--;
		}
		if (length > 0 && Character.isHighSurrogate(text.charAt(length - 1))) {
			length--;
		}
		return text.substring(0, length);
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
