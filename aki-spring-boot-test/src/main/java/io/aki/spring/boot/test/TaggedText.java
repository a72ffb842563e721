package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads text between tags, in which models describe tools and their responses.
 */
final class TaggedText {

	private TaggedText() {
	}

	/**
	 * Return the texts between a start tag and the next end tag. If a text mentions the
	 * start tag several times before an end tag, the last one counts.
	 * @param text the text
	 * @param tag the name of the tag
	 * @return the texts without surrounding whitespace. The end of the whole text is an
	 * end tag too
	 */
	static List<String> contents(String text, String tag) {
		String start = "<" + tag + ">";
		List<String> contents = new ArrayList<>();
		for (String part : text.split(Pattern.quote("</" + tag + ">"))) {
			int index = part.lastIndexOf(start);
			if (index >= 0) {
				contents.add(part.substring(index + start.length()).strip());
			}
		}
		return contents;
	}

}
