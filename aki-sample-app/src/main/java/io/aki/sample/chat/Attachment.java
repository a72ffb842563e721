package io.aki.sample.chat;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A file of a question.
 *
 * @param id the file's id
 * @param name the file's name
 * @param format {@code png}, {@code jpeg}, {@code webp} or {@code gif} for an image,
 * {@code text} for a text
 * @param size the size in bytes
 * @param characters the number of characters of a text; 0 for an image
 */
record Attachment(String id, String name, String format, int size, int characters) {

	static final String TEXT = "text";

	@JsonProperty("image")
	boolean isImage() {
		return !this.format.equals(TEXT);
	}

}
