package io.aki.client.http;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Cancels exchanges that pass their deadline. Timeouts of blocking sockets limit a single
 * read. They do not limit a connect, a write, or a response that arrives byte by byte.
 * <p>
 * It checks all exchanges every 100 ms in the JDK's timer thread, as long as there are
 * any. One timer per exchange would wake a thread for each of them.
 */
final class DeadlineMonitor {

	private static final Log logger = LogFactory.getLog(DeadlineMonitor.class);

	private static final Executor TIMER = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS, Runnable::run);

	private final Set<LimitedExchange> exchanges = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	void add(LimitedExchange exchange) {
		this.exchanges.add(exchange);
		schedule();
	}

	void remove(LimitedExchange exchange) {
		this.exchanges.remove(exchange);
	}

	private void schedule() {
		if (!this.scheduled.get() && this.scheduled.compareAndSet(false, true)) {
			try {
				TIMER.execute(this::check);
			}
			catch (Error ex) {
				// no thread can be created: the timeouts of the engine remain
				this.scheduled.set(false);
				logger.warn("Deadlines of exchanges are not monitored", ex);
			}
		}
	}

	private void check() {
		this.scheduled.set(false);
		if (this.exchanges.isEmpty()) {
			return;
		}
		schedule();
		for (LimitedExchange exchange : this.exchanges) {
			if (exchange.isOver() && this.exchanges.remove(exchange)) {
				cancel(exchange);
			}
		}
	}

	private static void cancel(LimitedExchange exchange) {
		try {
			exchange.cancel();
		}
		catch (RuntimeException | Error ex) {
			logger.debug("Canceling an exchange failed", ex);
		}
	}

}
