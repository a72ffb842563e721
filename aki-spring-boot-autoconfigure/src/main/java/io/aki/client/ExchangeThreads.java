package io.aki.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The threads that make exchanges. A thread cannot be taken from an exchange whose answer
 * does not come, so that those that may take all their time hold no more than half of the
 * threads: a quarter is for starts of jobs, a quarter for polls. Any other poll is given
 * up when it takes much longer than answers usually do, and its job has to wait for a
 * place in the second quarter.
 */
final class ExchangeThreads {

	private static final long IDLE_SECONDS = 10;

	private static final long MIN_PATIENCE = TimeUnit.SECONDS.toNanos(1);

	/** How much longer than usual an answer may take. */
	private static final int TOLERANCE = 10;

	/** The part of the latest answer in the usual time. */
	private static final double WEIGHT = 0.1;

	private final ThreadPoolExecutor threads;

	private final Places starts;

	private final Places polls;

	private volatile double usualNanos;

	ExchangeThreads(AkiConcurrency concurrency) {
		int count = concurrency.pollThreads();
		this.threads = new ThreadPoolExecutor(count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				ClientThreads.named("poll", concurrency.virtualThreads()));
		this.threads.allowCoreThreadTimeOut(true);
		this.starts = new Places(count / 4);
		this.polls = new Places(count / 4);
	}

	void execute(Exchange exchange) {
		this.threads.execute(() -> run(exchange));
	}

	private void run(Exchange exchange) {
		boolean needsPlace = exchange.isStart() || exchange.needsPatience();
		Places places = exchange.isStart() ? this.starts : this.polls;
		if (places.take(exchange, needsPlace)) {
			for (Exchange next = exchange; next != null; next = places.handOn()) {
				make(next, null);
			}
		}
		else if (!needsPlace) {
			make(exchange, patience());
		}
		else if (!exchange.isStart() && !exchange.needsPatience()) {
			hurry(exchange);
		}
	}

	/**
	 * Have an exchange leave the line that needs no place any longer.
	 */
	void hurry(Exchange exchange) {
		if (this.starts.leave(exchange) || this.polls.leave(exchange)) {
			execute(exchange);
		}
	}

	private void make(Exchange exchange, @Nullable Duration patience) {
		long started = System.nanoTime();
		if (exchange.make(patience)) {
			this.usualNanos += (System.nanoTime() - started - this.usualNanos) * WEIGHT;
		}
	}

	private Duration patience() {
		return Duration.ofNanos(Math.max(MIN_PATIENCE, (long) (this.usualNanos * TOLERANCE)));
	}

	void close() {
		this.threads.shutdownNow();
	}

	/**
	 * The places of exchanges that may take all their time.
	 */
	private static final class Places {

		private final Queue<Exchange> waiting = new ArrayDeque<>();

		private int free;

		Places(int count) {
			this.free = count;
		}

		/**
		 * Take a place, or wait in line for one that is needed.
		 */
		synchronized boolean take(Exchange exchange, boolean needed) {
			if (this.free > 0) {
				this.free--;
				return true;
			}
			if (needed) {
				this.waiting.add(exchange);
			}
			return false;
		}

		synchronized boolean leave(Exchange exchange) {
			return this.waiting.remove(exchange);
		}

		/**
		 * Hand a place on to the next in line, if there is one, or give it back.
		 */
		synchronized @Nullable Exchange handOn() {
			Exchange next = this.waiting.poll();
			if (next == null) {
				this.free++;
			}
			return next;
		}

	}

	/**
	 * One exchange to be made.
	 */
	interface Exchange {

		/**
		 * Return whether the exchange starts a job: broken off, it may have been paid
		 * for.
		 */
		boolean isStart();

		/**
		 * Return whether the exchange must be given all the time that its settings allow,
		 * because the one before took too long.
		 */
		boolean needsPatience();

		/**
		 * Make the exchange.
		 * @param patience how long the server may take until it begins to answer, if
		 * shorter than the settings allow
		 * @return whether it was answered
		 */
		boolean make(@Nullable Duration patience);

	}

}
