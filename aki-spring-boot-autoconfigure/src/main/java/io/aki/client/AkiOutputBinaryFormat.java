package io.aki.client;

/**
 * The form in which binary values of a response (images, audio) are returned by
 * {@link AkiResult#get(String)}, {@link AkiResult#asMap()} and {@link AkiProgressData}.
 *
 * @since 1.0.0
 */
public enum AkiOutputBinaryFormat {

	/**
	 * As the server sends them: data URIs, {@code data:image/png;base64,…}.
	 */
	BASE64,

	/**
	 * Decoded, as {@code byte[]}. Only complete data URIs are decoded. A text without the
	 * header of a data URI stays a text.
	 */
	RAW

}
