package io.aki.client;

import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Reads a job's events in the thread that consumes a stream, which waits for them.
 *
 * @param <T> the type of the elements
 */
final class JobStreamReader<T> extends AbstractSpliterator<T> implements JobReader {

	private final UnreadEvents<T> unread;

	private final Runnable beforeWaiting;

	private boolean ended;

	private @Nullable Throwable failure;

	/**
	 * Create a reader.
	 * @param beforeWaiting called before the thread waits
	 */
	JobStreamReader(UnreadEvents<T> unread, Runnable beforeWaiting) {
		super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
		this.unread = unread;
		this.beforeWaiting = beforeWaiting;
	}

	@Override
	public synchronized void add(AkiProgress progress) {
		this.unread.add(progress);
	}

	@Override
	public synchronized void end(@Nullable AkiResult result, @Nullable Throwable failure) {
		if (result != null) {
			this.unread.add(result);
		}
		this.ended = true;
		this.failure = (result != null) ? this.unread.failure(result, failure) : failure;
	}

	@Override
	public synchronized void wake() {
		notifyAll();
	}

	@Override
	public boolean tryAdvance(Consumer<? super T> action) {
		T next = next();
		if (next == null) {
			return false;
		}
		action.accept(next);
		return true;
	}

	private synchronized @Nullable T next() {
		try {
			while (this.unread.isEmpty() && !this.ended) {
				this.beforeWaiting.run();
				wait();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new Failure(Failure.Kind.CANCELED,
					"Interrupted while waiting for progress; closing the stream cancels the job")
				.toException(null);
		}
		T next = this.unread.poll();
		if (next == null && this.failure instanceof RuntimeException exception) {
			throw exception;
		}
		return next;
	}

}
