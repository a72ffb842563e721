package io.aki.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One exchange and its limits. It is bound to the calling thread until it is closed.
 * Request attributes cannot carry the limits, because
 * {@link org.springframework.http.client.BufferingClientHttpRequestFactory} and
 * interceptors do not pass them on.
 */
final class LimitedExchange implements AutoCloseable {

	private static final ThreadLocal<@Nullable LimitedExchange> CURRENT = new ThreadLocal<>();

	private static final DeadlineMonitor MONITOR = new DeadlineMonitor();

	private final ExchangeLimits limits;

	private final long deadline;

	private final @Nullable LimitedExchange previous;

	private volatile @Nullable EngineLifecycle engine;

	private volatile boolean sent;

	private volatile @Nullable Runnable cancellation;

	private volatile boolean canceled;

	private boolean monitored;

	private LimitedExchange(ExchangeLimits limits, @Nullable LimitedExchange previous) {
		this.limits = limits;
		this.deadline = System.nanoTime() + limits.timeout().toNanos();
		this.previous = previous;
	}

	/**
	 * Begin an exchange and bind it to the calling thread.
	 */
	static LimitedExchange begin(ExchangeLimits limits) {
		LimitedExchange exchange = new LimitedExchange(limits, CURRENT.get());
		CURRENT.set(exchange);
		return exchange;
	}

	/**
	 * Return the exchange of the calling thread.
	 * @return the exchange, or {@code null} if the thread uses the engine outside an
	 * {@link AkiClient}
	 */
	static @Nullable LimitedExchange current() {
		return CURRENT.get();
	}

	ExchangeLimits limits() {
		return this.limits;
	}

	/**
	 * Return when the response must be complete, as {@link System#nanoTime()}.
	 */
	long deadline() {
		return this.deadline;
	}

	boolean isOver() {
		return System.nanoTime() - this.deadline >= 0;
	}

	/**
	 * Return the time that is left, rounded up to milliseconds, because engines take 0 as
	 * no limit.
	 * @throws SocketTimeoutException if no time is left
	 */
	Duration timeLeft() throws SocketTimeoutException {
		long nanos = this.deadline - System.nanoTime();
		if (nanos <= 0) {
			throw new SocketTimeoutException("The time limit of the exchange has passed");
		}
		return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1);
	}

	/**
	 * Record that an {@link AkiClientHttpRequestFactory} applies the limits. Its engine
	 * is kept open until this exchange is closed.
	 */
	void manage(EngineLifecycle engine) throws IOException {
		if (this.engine == null) {
			engine.begin();
			this.engine = engine;
		}
	}

	boolean isManaged() {
		return this.engine != null;
	}

	/**
	 * Record that the engine, which has a connection now, writes the request body.
	 */
	void sending() {
		this.sent = true;
	}

	/**
	 * Return whether the server cannot have taken the request: no byte of its body was
	 * given to a connection.
	 */
	boolean isUnsent() {
		return isManaged() && !this.sent;
	}

	/**
	 * Set how to abort the exchange.
	 */
	void cancelWith(Runnable cancellation) {
		this.cancellation = cancellation;
	}

	/**
	 * Set how to abort the exchange from any thread, and do so when it passes its
	 * deadline.
	 */
	void cancelAtDeadlineWith(Runnable cancellation) {
		this.cancellation = cancellation;
		this.monitored = true;
		MONITOR.add(this);
	}

	/**
	 * Abort the exchange and close its connection.
	 * @return {@code false} if the engine has no way to do so
	 */
	boolean cancel() {
		Runnable cancellation = this.cancellation;
		if (cancellation == null) {
			return false;
		}
		this.canceled = true;
		cancellation.run();
		return true;
	}

	boolean isCanceled() {
		return this.canceled;
	}

	@Override
	public void close() {
		if (this.monitored) {
			MONITOR.remove(this);
		}
		EngineLifecycle engine = this.engine;
		if (engine != null) {
			engine.end();
		}
		if (this.previous != null) {
			CURRENT.set(this.previous);
		}
		else {
			CURRENT.remove();
		}
	}

}
