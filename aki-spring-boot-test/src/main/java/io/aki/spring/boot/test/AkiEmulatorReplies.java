package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The scripted answers of chats of an {@link AkiEmulator}. If several replies match a
 * prompt, the one that was added first is used. If no reply matches, the function of
 * {@link AkiEmulator.Builder#chatReply} creates the answer. Without such a function, the
 * emulator calls tools that are offered to it, see {@link AkiEmulator}, or creates the
 * answer from a template. Thread-safe.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorReplies {

	private final List<Ready> replies = new ArrayList<>();

	AkiEmulatorReplies() {
	}

	/**
	 * Add a reply.
	 * @param reply the reply
	 * @return these replies
	 */
	public synchronized AkiEmulatorReplies add(AkiEmulatorReply reply) {
		this.replies.add(new Ready(Objects.requireNonNull(reply, "reply")));
		return this;
	}

	/**
	 * Remove all replies. Jobs that were already accepted keep their reply.
	 */
	public synchronized void clear() {
		this.replies.clear();
	}

	/**
	 * Return the replies that can still be used.
	 * @return an immutable copy, in the order in which they were added
	 */
	public synchronized List<AkiEmulatorReply> left() {
		return this.replies.stream().map((ready) -> ready.reply).toList();
	}

	@Override
	public String toString() {
		return "AkiEmulatorReplies" + left();
	}

	/**
	 * Return the reply to a prompt, {@code null} if no reply matches. A reply that was
	 * used for the last time is removed.
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
	 * Remove the replies that a thread has added.
	 */
	synchronized void forgetThoseOf(Thread thread) {
		this.replies.removeIf((ready) -> ready.owner == thread);
	}

	/**
	 * A reply and how often it can still be used.
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
