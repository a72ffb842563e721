package io.aki.client;

import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Hands a job's reports to its readers. Each reader has room for one report that it has
 * not read; a newer one takes its place.
 */
final class ProgressFeed {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final Runnable cancel;

	private volatile List<Reader> streams = List.of();

	private volatile List<Reader> subscribers = List.of();

	private @Nullable AkiProgress latest;

	private boolean ended;

	private @Nullable Throwable failure;

	/**
	 * Create a feed.
	 * @param cancel called when a reader leaves before the end
	 */
	ProgressFeed(Runnable cancel) {
		this.cancel = cancel;
	}

	/**
	 * Hand a report to all readers. Those of streams find it at once, subscribers when it
	 * is {@link #deliver() delivered}: theirs is code of the caller.
	 */
	synchronized void publish(AkiProgress progress) {
		this.latest = progress;
		this.streams.forEach((reader) -> reader.take(progress));
		this.subscribers.forEach((reader) -> reader.take(progress));
		this.streams.forEach(Reader::wake);
	}

	/**
	 * Tell all readers that there is no more to come.
	 */
	synchronized void end(@Nullable Throwable failure) {
		this.ended = true;
		this.failure = failure;
		this.streams.forEach((reader) -> reader.end(failure));
		this.subscribers.forEach((reader) -> reader.end(failure));
		this.streams.forEach(Reader::wake);
		this.streams = List.of();
	}

	boolean hasSubscribers() {
		return !this.subscribers.isEmpty();
	}

	/**
	 * Deliver to subscribers what they have asked for.
	 */
	void deliver() {
		this.subscribers.forEach(Reader::wake);
	}

	Stream<AkiProgress> stream() {
		StreamReader reader = new StreamReader();
		synchronized (this) {
			if (catchUp(reader)) {
				this.streams = with(this.streams, reader);
			}
		}
		return StreamSupport.stream(reader, false).onClose(() -> {
			reader.end(null);
			reader.wake();
			leave(reader);
		});
	}

	Flow.Publisher<AkiProgress> publisher() {
		return (subscriber) -> {
			Assert.notNull(subscriber, "'subscriber' must not be null");
			SubscriberReader reader = new SubscriberReader(subscriber);
			synchronized (this) {
				if (catchUp(reader)) {
					this.subscribers = with(this.subscribers, reader);
				}
			}
			subscriber.onSubscribe(reader);
			reader.subscribed();
		};
	}

	/**
	 * Give a reader what it has missed.
	 * @return whether there is more to come
	 */
	private boolean catchUp(Reader reader) {
		if (this.latest != null) {
			reader.take(this.latest);
		}
		if (this.ended) {
			reader.end(this.failure);
		}
		return !this.ended;
	}

	private void leave(Reader reader) {
		boolean early;
		synchronized (this) {
			early = !this.ended && (this.streams.contains(reader) || this.subscribers.contains(reader));
			this.streams = without(this.streams, reader);
			this.subscribers = without(this.subscribers, reader);
		}
		if (early) {
			this.cancel.run();
		}
	}

	private static List<Reader> with(List<Reader> readers, Reader added) {
		return Stream.concat(readers.stream(), Stream.of(added)).toList();
	}

	private static List<Reader> without(List<Reader> readers, Reader removed) {
		return readers.stream().filter((reader) -> reader != removed).toList();
	}

	private interface Reader {

		void take(AkiProgress progress);

		void end(@Nullable Throwable failure);

		void wake();

	}

	/**
	 * Reads in the thread that consumes the stream.
	 */
	private static final class StreamReader extends AbstractSpliterator<AkiProgress> implements Reader {

		private @Nullable AkiProgress unread;

		private boolean ended;

		private @Nullable Throwable failure;

		StreamReader() {
			super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
		}

		@Override
		public synchronized void take(AkiProgress progress) {
			this.unread = progress;
		}

		@Override
		public synchronized void end(@Nullable Throwable failure) {
			this.ended = true;
			this.failure = failure;
		}

		@Override
		public synchronized void wake() {
			notifyAll();
		}

		@Override
		public boolean tryAdvance(Consumer<? super AkiProgress> action) {
			AkiProgress next = next();
			if (next == null) {
				return false;
			}
			action.accept(next);
			return true;
		}

		private synchronized @Nullable AkiProgress next() {
			try {
				while (this.unread == null && !this.ended) {
					wait();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new Failure(Failure.Kind.CANCELED,
						"Interrupted while waiting for progress; closing the stream cancels the job")
					.toException(null);
			}
			AkiProgress next = this.unread;
			this.unread = null;
			if (next == null && this.failure instanceof RuntimeException exception) {
				throw exception;
			}
			return next;
		}

	}

	/**
	 * Reads in whichever thread brings the report or asks for more, one at a time.
	 */
	private final class SubscriberReader implements Reader, Flow.Subscription {

		private final Flow.Subscriber<? super AkiProgress> subscriber;

		private @Nullable AkiProgress unread;

		private long demand;

		private boolean ended;

		private @Nullable Throwable failure;

		/** Nothing may be delivered before the subscriber has its subscription. */
		private boolean delivering = true;

		private boolean finished;

		SubscriberReader(Flow.Subscriber<? super AkiProgress> subscriber) {
			this.subscriber = subscriber;
		}

		void subscribed() {
			synchronized (this) {
				this.delivering = false;
			}
			wake();
		}

		@Override
		public synchronized void take(AkiProgress progress) {
			this.unread = progress;
		}

		@Override
		public synchronized void end(@Nullable Throwable failure) {
			this.ended = true;
			this.failure = failure;
		}

		@Override
		public void request(long number) {
			if (number <= 0) {
				synchronized (this) {
					this.unread = null;
					end(new IllegalArgumentException(
							"A subscriber must request at least 1 element (rule 3.9), not " + number));
				}
				leave(this);
			}
			else {
				synchronized (this) {
					this.demand = (Long.MAX_VALUE - this.demand < number) ? Long.MAX_VALUE : this.demand + number;
				}
			}
			wake();
		}

		@Override
		public void cancel() {
			synchronized (this) {
				this.finished = true;
				this.unread = null;
			}
			leave(this);
		}

		@Override
		public void wake() {
			synchronized (this) {
				if (this.delivering) {
					return;
				}
				this.delivering = true;
			}
			try {
				while (deliverNext()) {
					continue;
				}
			}
			catch (Throwable ex) {
				logger.warn("A subscriber to a job's progress failed; its subscription is canceled", ex);
				cancel();
			}
		}

		/**
		 * Deliver one signal.
		 * @return {@code false} if there is none to deliver now
		 */
		private boolean deliverNext() {
			AkiProgress next;
			synchronized (this) {
				next = (this.demand > 0 && !this.finished) ? this.unread : null;
				boolean end = next == null && this.unread == null && this.ended && !this.finished;
				if (next == null && !end) {
					this.delivering = false;
					return false;
				}
				this.finished = end;
				if (next != null) {
					this.unread = null;
					this.demand -= (this.demand == Long.MAX_VALUE) ? 0 : 1;
				}
			}
			if (next != null) {
				this.subscriber.onNext(next);
			}
			else if (this.failure != null) {
				this.subscriber.onError(this.failure);
			}
			else {
				this.subscriber.onComplete();
			}
			return true;
		}

	}

}
