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
 * A value that is computed by one thread at a time, cached, and awaited for a limited
 * time. Thread-safe.
 */
final class CachedResponse<T> {

	private final Supplier<T> source;

	private final Duration timeToLive;

	private final Duration maxWait;

	private final LongSupplier clock;

	private @Nullable CompletableFuture<T> answer;

	private volatile long answeredAt;

	/**
	 * Create a cached value.
	 * @param timeToLive how long the value is cached
	 * @param maxWait how long callers wait for it
	 * @param clock a monotonic clock in nanoseconds
	 */
	CachedResponse(Supplier<T> source, Duration timeToLive, Duration maxWait, LongSupplier clock) {
		this.source = source;
		this.timeToLive = timeToLive;
		this.maxWait = maxWait;
		this.clock = clock;
	}

	/**
	 * Return the value.
	 * @return the value, or {@code null} if it is not available in time
	 */
	@Nullable T get() {
		try {
			return current().get(this.maxWait.toNanos(), TimeUnit.NANOSECONDS);
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
