package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * An answer that is asked for once in a while, by one thread at a time, and for which no
 * one waits longer than told. Thread-safe.
 */
final class CachedResponse<T> {

	private final Supplier<T> source;

	private final Duration timeToLive;

	private final Duration patience;

	private final LongSupplier clock;

	private @Nullable CompletableFuture<T> answer;

	private volatile long answeredAt;

	/**
	 * Create an answer.
	 * @param timeToLive how long it is kept once it is there
	 * @param patience how long to wait for it
	 * @param clock nanoseconds
	 */
	CachedResponse(Supplier<T> source, Duration timeToLive, Duration patience, LongSupplier clock) {
		this.source = source;
		this.timeToLive = timeToLive;
		this.patience = patience;
		this.clock = clock;
	}

	/**
	 * Return the answer.
	 * @return the answer, or {@code null} if it has not come in time
	 */
	@Nullable T get() {
		try {
			return current().get(this.patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (TimeoutException ex) {
			return null;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
	}

	private synchronized CompletableFuture<T> current() {
		CompletableFuture<T> answer = this.answer;
		if (answer == null
				|| (answer.isDone() && this.clock.getAsLong() - this.answeredAt >= this.timeToLive.toNanos())) {
			answer = new CompletableFuture<>();
			this.answer = answer;
			ask(answer);
		}
		return answer;
	}

	private void ask(CompletableFuture<T> answer) {
		Thread thread = new Thread(() -> {
			try {
				T value = this.source.get();
				this.answeredAt = this.clock.getAsLong();
				answer.complete(value);
			}
			catch (Throwable ex) {
				this.answeredAt = this.clock.getAsLong();
				answer.completeExceptionally(ex);
			}
		}, "aki-check");
		thread.setDaemon(true);
		thread.start();
	}

}
