package io.aki.sample.stream;

/**
 * Converts a text to data that a page can show.
 */
@FunctionalInterface
public interface TextRenderer {

	/**
	 * Render a text.
	 * @param text the text, which may still grow
	 * @return the data of an event
	 */
	Object render(String text);

}
