package io.aki.client.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * One exchange and its limits. It is bound to the calling thread until it is closed.
 * Request attributes cannot carry the limits, because
 * {@link org.springframework.http.client.BufferingClientHttpRequestFactory} and
 * interceptors do not pass them on.
 *
 * @since 1.0.0
 */
public final class LimitedExchange implements AutoCloseable {

	private static final ThreadLocal<@Nullable LimitedExchange> CURRENT = new ThreadLocal<>();

	private static final DeadlineMonitor MONITOR = new DeadlineMonitor();

	private final ExchangeLimits limits;

	private final long deadline;

	private final @Nullable LimitedExchange previous;

	private volatile @Nullable EngineLifecycle engine;

	private final AtomicReference<SendState> sendState = new AtomicReference<>(SendState.PENDING);

	private volatile boolean managed;

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
	 * @param limits the limits of the exchange
	 * @return the exchange, to be closed in the same thread
	 */
	public static LimitedExchange begin(ExchangeLimits limits) {
		LimitedExchange exchange = new LimitedExchange(limits, CURRENT.get());
		CURRENT.set(exchange);
		return exchange;
	}

	/**
	 * Return the exchange of the calling thread.
	 * @return the exchange, or {@code null} if the thread uses the engine without limits
	 */
	static @Nullable LimitedExchange current() {
		return CURRENT.get();
	}

	/**
	 * Return the limits of the exchange.
	 * @return the limits
	 */
	public ExchangeLimits limits() {
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
		this.managed = true;
		if (this.engine == null) {
			engine.begin();
			this.engine = engine;
		}
	}

	/**
	 * Return whether an {@link AkiClientHttpRequestFactory} applies the limits.
	 * @return {@code false} if only the limits of the engine itself apply
	 */
	public boolean isManaged() {
		return this.managed;
	}

	/**
	 * Record that the engine may send the request from now on.
	 */
	void maySend() {
		this.sendState.compareAndSet(SendState.PENDING, SendState.POSSIBLE);
	}

	/**
	 * Record that the engine, which has a connection now, writes the request body.
	 * @throws SocketTimeoutException if the exchange has failed already because nothing
	 * was sent in time
	 */
	void sending() throws SocketTimeoutException {
		if (this.sendState.compareAndSet(SendState.PENDING, SendState.CERTAIN)) {
			return;
		}
		if (this.sendState.get() == SendState.SEALED) {
			throw new SocketTimeoutException("The exchange has ended");
		}
	}

	/**
	 * Return whether the engine has begun to write the request body on a connection.
	 */
	boolean isSent() {
		return this.sendState.get() == SendState.CERTAIN;
	}

	/**
	 * Return whether the server cannot have taken the request: no byte of its body was
	 * given to a connection. In this case no byte will be given to a connection later.
	 * @return {@code true} if it was not sent, {@code false} if it may have been
	 */
	public boolean isUnsent() {
		return isManaged() && (this.sendState.compareAndSet(SendState.PENDING, SendState.SEALED)
				|| this.sendState.get() == SendState.SEALED);
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
		try {
			if (this.monitored) {
				MONITOR.remove(this);
			}
			EngineLifecycle engine = this.engine;
			if (engine != null) {
				engine.end();
			}
		}
		finally {
			if (this.previous != null) {
				CURRENT.set(this.previous);
			}
			else {
				CURRENT.remove();
			}
		}
	}

	/**
	 * What is known about the request.
	 */
	private enum SendState {

		/** Not sent yet. */
		PENDING,

		/** Maybe sent: some engines do not report it. */
		POSSIBLE,

		/** The engine has begun to send it. */
		CERTAIN,

		/** Not sent, and it will not be sent. */
		SEALED

	}

}
