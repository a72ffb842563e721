package io.aki.client;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The partial results of a running job, if the endpoint sends any: the text so far of a
 * chat, or preview images. Immutable.
 * <p>
 * Partial results are cumulative: they replace the earlier ones. Use
 * {@link AkiJob#text()} or {@link AkiTextStream} to get a text in pieces.
 *
 * @since 1.0.0
 */
public final class AkiProgressData extends ResponseView {

	AkiProgressData(Map<String, @Nullable Object> body, OutputConversion conversion) {
		super(body, conversion);
	}

	/**
	 * Return the whole text so far.
	 * @return the text ({@code content} if the endpoint sends an object), or {@code null}
	 * if there is none
	 */
	public @Nullable String text() {
		return answerText();
	}

	/**
	 * Return the reasoning and the answer so far, without an incomplete character.
	 */
	ReasoningText reasoningText() {
		Object text = body().get("text");
		if (text instanceof String string) {
			return ReasoningText.split(TextDelta.complete(string));
		}
		ReasoningText parts = ReasoningText.of(text, false);
		String thinking = parts.thinking();
		return new ReasoningText((thinking != null) ? TextDelta.complete(thinking) : null,
				TextDelta.complete(parts.answer()));
	}

}
