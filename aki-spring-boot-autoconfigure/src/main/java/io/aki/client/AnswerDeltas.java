package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The part of the model's answer that a reader has not read. The server sends the whole
 * text with each poll, so that the next element is the difference between the newest
 * answer and the part that was read.
 */
final class AnswerDeltas implements UnreadEvents<String> {

	private final TextDelta delta = new TextDelta();

	private String unread = "";

	@Override
	public void add(AkiProgress progress) {
		if (progress.data() != null) {
			this.unread += this.delta.advance(progress.data().reasoningText().answer());
		}
	}

	@Override
	public void add(AkiResult result) {
		String answer = result.answer();
		if (answer != null) {
			this.unread += this.delta.finish(answer);
		}
	}

	/**
	 * A reader of text does not get the result, so that a failure is always an exception.
	 */
	@Override
	public @Nullable Throwable failure(AkiResult result, @Nullable Throwable failure) {
		Failure failed = result.failure();
		return (failure == null && failed != null) ? failed.toException(result.jobId()) : failure;
	}

	@Override
	public boolean isEmpty() {
		return this.unread.isEmpty();
	}

	@Override
	public @Nullable String poll() {
		String next = this.unread;
		this.unread = "";
		return next.isEmpty() ? null : next;
	}

	@Override
	public void clear() {
		this.unread = "";
	}

}
