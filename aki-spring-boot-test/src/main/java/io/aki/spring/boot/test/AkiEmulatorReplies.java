package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What the chats of an {@link AkiEmulator} answer. Of the replies that fit a prompt, the
 * one that was added first is given. A prompt for which there is none is answered as
 * {@link AkiEmulator.Builder#chatReply} says, else from templates.
 * <p>
 * All methods may be called from any thread.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorReplies {

	private final List<Ready> replies = new ArrayList<>();

	AkiEmulatorReplies() {
	}

	/**
	 * Adds a reply.
	 * @param reply the reply
	 * @return these replies
	 */
	public synchronized AkiEmulatorReplies add(AkiEmulatorReply reply) {
		this.replies.add(new Ready(Objects.requireNonNull(reply, "reply")));
		return this;
	}

	/**
	 * Forgets the replies. Jobs that have been accepted keep theirs.
	 */
	public synchronized void clear() {
		this.replies.clear();
	}

	/**
	 * The replies that would still be given.
	 * @return an immutable copy, in the order in which they were added; empty once each
	 * has been given as often as it was to be
	 */
	public synchronized List<AkiEmulatorReply> left() {
		return this.replies.stream().map((ready) -> ready.reply).toList();
	}

	@Override
	public String toString() {
		return "AkiEmulatorReplies" + left();
	}

	/**
	 * Takes the reply to a prompt, null if there is none.
	 */
	synchronized @Nullable AkiEmulatorReply next(String prompt) {
		for (Iterator<Ready> all = this.replies.iterator(); all.hasNext();) {
			Ready ready = all.next();
			if (ready.reply.answers(prompt)) {
				ready.left--;
				if (ready.left == 0) {
					all.remove();
				}
				return ready.reply;
			}
		}
		return null;
	}

	/**
	 * Forgets the replies that a thread has added.
	 */
	synchronized void forgetThoseOf(Thread thread) {
		this.replies.removeIf((ready) -> ready.owner == thread);
	}

	/**
	 * One reply, and how often it is still to be given.
	 */
	private static final class Ready {

		private final AkiEmulatorReply reply;

		private final Thread owner = Thread.currentThread();

		private int left;

		private Ready(AkiEmulatorReply reply) {
			this.reply = reply;
			this.left = reply.times();
		}

	}

}
