package io.aki.client;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

/**
 * The readers of a job's progress and text. When the last reader leaves before the end of
 * the job, the job is canceled. Thread-safe.
 */
final class JobReaders {

	private final Runnable cancel;

	private final Runnable beforeWaiting;

	private volatile List<JobReader> streams = List.of();

	private volatile List<JobReader> subscribers = List.of();

	private volatile boolean keepRunning;

	private @Nullable AkiProgress latest;

	private @Nullable AkiResult result;

	private @Nullable Throwable failure;

	/**
	 * Create readers.
	 * @param cancel called when the last reader leaves before the end
	 * @param beforeWaiting called before a reader of a stream waits
	 */
	JobReaders(Runnable cancel, Runnable beforeWaiting) {
		this.cancel = cancel;
		this.beforeWaiting = beforeWaiting;
	}

	/**
	 * Let the job run when the last reader leaves.
	 */
	void keepRunning() {
		this.keepRunning = true;
	}

	/**
	 * Add progress for all readers. Readers of streams get it at once. Subscribers get it
	 * with {@link #deliver()}, because that runs code of the caller.
	 */
	synchronized void publish(AkiProgress progress) {
		this.latest = progress;
		this.streams.forEach((reader) -> reader.add(progress));
		this.subscribers.forEach((reader) -> reader.add(progress));
		this.streams.forEach(JobReader::wake);
	}

	/**
	 * Add the end of the job for all readers.
	 * @param failure the exception with which the future result ends, if any
	 */
	synchronized void end(AkiResult result, @Nullable Throwable failure) {
		this.result = result;
		this.failure = failure;
		this.streams.forEach((reader) -> reader.end(result, failure));
		this.subscribers.forEach((reader) -> reader.end(result, failure));
		this.streams.forEach(JobReader::wake);
		this.streams = List.of();
	}

	boolean hasSubscribers() {
		return !this.subscribers.isEmpty();
	}

	/**
	 * Deliver the events that subscribers have requested.
	 */
	void deliver() {
		this.subscribers.forEach(JobReader::wake);
	}

	<T> Stream<T> stream(UnreadEvents<T> unread) {
		JobStreamReader<T> reader = new JobStreamReader<>(unread, this.beforeWaiting);
		synchronized (this) {
			if (catchUp(reader)) {
				this.streams = with(this.streams, reader);
			}
		}
		return StreamSupport.stream(reader, false).onClose(() -> {
			reader.end(null, null);
			reader.wake();
			leave(reader);
		});
	}

	<T> Flow.Publisher<T> publisher(Supplier<UnreadEvents<T>> unread) {
		return (subscriber) -> {
			// the exception that rule 1.9 of Reactive Streams requires
			Objects.requireNonNull(subscriber, "'subscriber' must not be null");
			JobSubscription<T> subscription = new JobSubscription<>(subscriber, unread.get(), this::leave);
			synchronized (this) {
				if (catchUp(subscription)) {
					this.subscribers = with(this.subscribers, subscription);
				}
			}
			subscription.start();
		};
	}

	/**
	 * Add the events that a new reader has missed.
	 * @return whether there will be more events
	 */
	private boolean catchUp(JobReader reader) {
		if (this.latest != null) {
			reader.add(this.latest);
		}
		if (this.result != null) {
			reader.end(this.result, this.failure);
		}
		return this.result == null;
	}

	private void leave(JobReader reader) {
		boolean last;
		synchronized (this) {
			boolean present = this.streams.contains(reader) || this.subscribers.contains(reader);
			this.streams = without(this.streams, reader);
			this.subscribers = without(this.subscribers, reader);
			last = present && this.result == null && this.streams.isEmpty() && this.subscribers.isEmpty();
		}
		if (last && !this.keepRunning) {
			this.cancel.run();
		}
	}

	private static List<JobReader> with(List<JobReader> readers, JobReader added) {
		return Stream.concat(readers.stream(), Stream.of(added)).toList();
	}

	private static List<JobReader> without(List<JobReader> readers, JobReader removed) {
		return readers.stream().filter((reader) -> reader != removed).toList();
	}

}
