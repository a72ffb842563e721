package io.aki.client;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A callback that converts the cumulative text of a job into pieces whose concatenation
 * is the final text.
 * <p>
 * A poll contains the whole text so far, but the end of the text comes only with the
 * result. So pass the result to {@link #finish(AkiResult)}: <pre class="code">
 * AkiTextStream text = new AkiTextStream(System.out::print);
 * AkiResult result = text.finish(aki.doApiRequest(params, text));
 * </pre>
 * <p>
 * By default the pieces are those of {@link AkiResult#text()}, including a model's
 * reasoning. The {@linkplain #AkiTextStream(Consumer, Consumer) constructor with two
 * consumers} separates the reasoning from the answer.
 * <p>
 * Incomplete characters are not delivered until they are complete. An incomplete
 * character is half a surrogate pair, or the replacement character at the end, which
 * models send for the first bytes of an emoji. An instance serves one job. Not
 * thread-safe, but the calls of one callback never run concurrently.
 *
 * @since 1.0.0
 * @see AkiJob#text()
 */
public final class AkiTextStream implements AkiProgressCallback {

	private final Consumer<String> pieces;

	private final @Nullable Consumer<String> reasoningPieces;

	private final TextDelta text = new TextDelta();

	private final TextDelta reasoning = new TextDelta();

	/**
	 * Create a stream that only accumulates the {@link #text() text}.
	 */
	public AkiTextStream() {
		this((piece) -> {
		});
	}

	/**
	 * Create a stream of the text as the server sends it.
	 * @param pieces receives each new piece of text, which is never empty
	 */
	public AkiTextStream(Consumer<String> pieces) {
		Assert.notNull(pieces, "'pieces' must not be null");
		this.pieces = pieces;
		this.reasoningPieces = null;
	}

	/**
	 * Create a stream that separates a model's reasoning from its answer.
	 * @param answer receives each new piece of {@link AkiResult#answer()}, which is never
	 * empty
	 * @param thinking receives each new piece of {@link AkiResult#thinking()}, which is
	 * never empty
	 */
	public AkiTextStream(Consumer<String> answer, Consumer<String> thinking) {
		Assert.notNull(answer, "'answer' must not be null");
		Assert.notNull(thinking, "'thinking' must not be null");
		this.pieces = answer;
		this.reasoningPieces = thinking;
	}

	@Override
	public void onProgress(AkiProgressInfo info, @Nullable AkiProgressData data) {
		String text = (data != null) ? data.text() : null;
		if (data == null || text == null) {
			return;
		}
		if (this.reasoningPieces == null) {
			deliver(this.text.advance(TextDelta.complete(text)), this.pieces);
			return;
		}
		ReasoningText parts = data.reasoningText();
		if (parts.thinking() != null) {
			deliver(this.reasoning.advance(parts.thinking()), this.reasoningPieces);
		}
		deliver(this.text.advance(parts.answer()), this.pieces);
	}

	/**
	 * Deliver the rest of the final text.
	 * @param result the job's result; a failure without a text delivers nothing
	 * @return the same result
	 */
	public AkiResult finish(AkiResult result) {
		Assert.notNull(result, "'result' must not be null");
		if (this.reasoningPieces != null && result.thinking() != null) {
			deliver(this.reasoning.finish(result.thinking()), this.reasoningPieces);
		}
		String text = (this.reasoningPieces != null) ? result.answer() : result.text();
		if (text != null) {
			deliver(this.text.finish(text), this.pieces);
		}
		return result;
	}

	/**
	 * Return the text that was delivered so far, or the answer if this stream separates
	 * the reasoning.
	 * @return the concatenation of the pieces, unless the text was {@link #isRewritten()
	 * rewritten}
	 */
	public String text() {
		return this.text.text();
	}

	/**
	 * Return the reasoning that was delivered so far.
	 * @return the concatenation of the pieces, empty unless this stream separates the
	 * reasoning
	 */
	public String thinking() {
		return this.reasoning.text();
	}

	/**
	 * Return whether the final text does not start with the text that was delivered
	 * before, so that the concatenation of the pieces is another text. No endpoint is
	 * known to do that. To be safe, display {@link AkiResult#text()} at the end.
	 * @return {@code true} if the server changed its text
	 */
	public boolean isRewritten() {
		return this.text.isRewritten();
	}

	private static void deliver(String piece, Consumer<String> consumer) {
		if (!piece.isEmpty()) {
			consumer.accept(piece);
		}
	}

}
