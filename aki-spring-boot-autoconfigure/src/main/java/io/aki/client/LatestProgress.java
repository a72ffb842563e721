package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The newest progress that a reader has not read.
 */
final class LatestProgress implements UnreadEvents<AkiProgress> {

	private @Nullable AkiProgress unread;

	@Override
	public void add(AkiProgress progress) {
		this.unread = progress;
	}

	@Override
	public void add(AkiResult result) {
		// the result is not progress
	}

	@Override
	public @Nullable Throwable failure(AkiResult result, @Nullable Throwable failure) {
		return failure;
	}

	@Override
	public boolean isEmpty() {
		return this.unread == null;
	}

	@Override
	public @Nullable AkiProgress poll() {
		AkiProgress next = this.unread;
		this.unread = null;
		return next;
	}

	@Override
	public void clear() {
		this.unread = null;
	}

}
