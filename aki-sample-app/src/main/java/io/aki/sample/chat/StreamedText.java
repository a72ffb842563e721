package io.aki.sample.chat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How much of an answer a page has. It is the id of each event, so that a page whose
 * connection broke gets the rest.
 *
 * @param text the number of characters of the text
 * @param thinking the number of characters of the reasoning
 */
record StreamedText(int text, int thinking) {

	private static final Pattern ID = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})");

	static StreamedText of(@Nullable String eventId) {
		Matcher id = ID.matcher((eventId != null) ? eventId : "");
		return id.matches() ? new StreamedText(Integer.parseInt(id.group(1)), Integer.parseInt(id.group(2)))
				: new StreamedText(0, 0);
	}

	@Override
	public String toString() {
		return this.text + "." + this.thinking;
	}

}
