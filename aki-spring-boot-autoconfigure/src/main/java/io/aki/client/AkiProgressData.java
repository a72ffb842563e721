package io.aki.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Partial results of a running job, as far as the endpoint has any: the text so far for a
 * chat, preview images or a message for an image. Immutable.
 * <p>
 * Partial results are cumulative: each one replaces those before it. Use
 * {@link AkiTextStream} for text in pieces.
 *
 * @since 1.0.0
 */
public final class AkiProgressData extends ResponseView {

	AkiProgressData(Map<String, @Nullable Object> wire, OutputConversion conversion) {
		super(wire, conversion);
	}

	/**
	 * Return the whole text so far.
	 * @return the text ({@code content} where the endpoint answers with an object), or
	 * {@code null} if there is none
	 */
	public @Nullable String text() {
		return answerText();
	}

}
