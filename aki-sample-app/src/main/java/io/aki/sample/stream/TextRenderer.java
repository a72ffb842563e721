package io.aki.sample.stream;

/**
 * Makes of a text what a page can show.
 */
@FunctionalInterface
public interface TextRenderer {

	/**
	 * Render a text.
	 * @param text the text, which may still be growing
	 * @return the data of an event
	 */
	Object render(String text);

}
