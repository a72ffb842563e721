package io.aki.client;

/**
 * How binary values of an answer (images, audio) are handed out by
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
	 * Decoded, as {@code byte[]}. Only complete data URIs are decoded, text that merely
	 * looks like base64 stays text.
	 */
	RAW

}
