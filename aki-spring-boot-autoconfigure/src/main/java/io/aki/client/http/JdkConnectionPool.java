package io.aki.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The connections of the JDK's {@link HttpClient} to one server, with a limit on the time
 * that a connection may have been idle when it is used again.
 * <p>
 * {@link HttpClient} has no such setting, and JDK 17 keeps idle connections for 20
 * minutes. However, it always uses the connection that has been idle for the longest
 * time. Therefore the ordered times at which connections became idle show how long the
 * next connection has been idle. If this exceeds the limit, a new {@link HttpClient}
 * without connections takes over, and the old one is closed when its last exchange has
 * ended. A connection that the server has closed stays in the list; this can only replace
 * the {@link HttpClient} too early.
 * <p>
 * {@link HttpClient} uses all its connections in turn, so that none of them becomes idle
 * for long. The CPU time of each exchange grows with the number of connections. If many
 * connections were not needed for 2 s, as after a stall, the {@link HttpClient} is
 * replaced too. Thread-safe.
 */
final class JdkConnectionPool {

	/** Exists on JDK 21 and newer. */
	private static final @Nullable Method SHUTDOWN = ClassUtils.getMethodIfAvailable(HttpClient.class, "shutdown");

	private static final int MAX_SURPLUS = 24;

	private static final long SURPLUS_NANOS = Duration.ofSeconds(2).toNanos();

	private final Supplier<HttpClient> source;

	private final LongSupplier nanoTime;

	private @Nullable Engine current;

	private boolean closed;

	/**
	 * Create a pool.
	 * @param source supplies a new {@link HttpClient} at each call
	 * @param nanoTime the clock
	 */
	JdkConnectionPool(Supplier<HttpClient> source, LongSupplier nanoTime) {
		this.source = source;
		this.nanoTime = nanoTime;
	}

	/**
	 * Send a request.
	 * @param maxIdleNanos the maximum time that its connection may have been idle
	 */
	HttpResponse<InputStream> send(HttpRequest request, BodyHandler<InputStream> handler, long maxIdleNanos)
			throws IOException, InterruptedException {
		Lease lease = lease(maxIdleNanos);
		Engine engine = lease.engine();
		boolean answered = false;
		try {
			HttpResponse<InputStream> response = engine.client.send(request,
					(info) -> new Body(engine, handler.apply(info), info.statusCode()));
			answered = true;
			return response;
		}
		finally {
			// a request that failed may not have used the connection
			engine.end(answered ? null : lease.idleSince());
		}
	}

	private synchronized Lease lease(long maxIdleNanos) throws IOException {
		if (this.closed) {
			throw new IOException("The HTTP engine is closed");
		}
		Engine engine = this.current;
		Long idleSince = (engine != null) ? engine.idleSince.peek() : null;
		long now = this.nanoTime.getAsLong();
		if (engine == null || (idleSince != null && now - idleSince > maxIdleNanos) || engine.hasSurplus(now)) {
			retire();
			engine = new Engine(this.source.get(), now);
			this.current = engine;
			idleSince = null;
		}
		engine.idleSince.poll();
		engine.exchanges++;
		return new Lease(engine, idleSince);
	}

	private synchronized void retire() {
		Engine engine = this.current;
		if (engine != null) {
			this.current = null;
			engine.closeIfUnused();
		}
	}

	/**
	 * Refuse further requests, and close the {@link HttpClient} when its last exchange
	 * has ended.
	 */
	synchronized void close() {
		this.closed = true;
		retire();
	}

	/**
	 * The engine of an exchange, and since when the connection that it is likely to use
	 * has been idle.
	 */
	private record Lease(Engine engine, @Nullable Long idleSince) {

	}

	private final class Engine {

		private final HttpClient client;

		private final Deque<Long> idleSince = new ArrayDeque<>();

		private int exchanges;

		private int surplus = Integer.MAX_VALUE;

		private long surplusSince;

		Engine(HttpClient client, long now) {
			this.client = client;
			this.surplusSince = now;
		}

		/**
		 * Return whether many connections were not needed for some time.
		 */
		boolean hasSurplus(long now) {
			this.surplus = Math.min(this.surplus, this.idleSince.size());
			if (now - this.surplusSince < SURPLUS_NANOS) {
				return false;
			}
			int surplus = this.surplus;
			this.surplus = Integer.MAX_VALUE;
			this.surplusSince = now;
			return surplus > MAX_SURPLUS;
		}

		void begin() {
			synchronized (JdkConnectionPool.this) {
				this.exchanges++;
			}
		}

		void end(@Nullable Long unused) {
			synchronized (JdkConnectionPool.this) {
				if (unused != null) {
					this.idleSince.addFirst(unused);
				}
				this.exchanges--;
				closeIfUnused();
			}
		}

		void addIdle(long nanoTime) {
			synchronized (JdkConnectionPool.this) {
				this.idleSince.add(nanoTime);
			}
		}

		/**
		 * JDK 17 has no method to close an {@link HttpClient}. But its thread closes all
		 * connections and ends when it is interrupted. If the thread is not found, the
		 * garbage collector closes the {@link HttpClient}.
		 */
		void closeIfUnused() {
			if (this.exchanges > 0 || JdkConnectionPool.this.current == this) {
				return;
			}
			if (SHUTDOWN != null) {
				ReflectionUtils.invokeMethod(SHUTDOWN, this.client);
				return;
			}
			String name = "HttpClient-" + this.client.toString().replaceFirst(".*\\((\\d+)\\)$", "$1")
					+ "-SelectorManager";
			ThreadGroup group = Thread.currentThread().getThreadGroup();
			while (group.getParent() != null) {
				group = group.getParent();
			}
			Thread[] threads = new Thread[2 * group.activeCount()];
			int count = group.enumerate(threads);
			for (int i = 0; i < count; i++) {
				if (threads[i].getName().equals(name)) {
					threads[i].interrupt();
				}
			}
		}

	}

	/**
	 * Records the end of a response. At that moment {@link HttpClient} has taken the
	 * connection back, except after a response that cannot have a body.
	 */
	private final class Body implements BodySubscriber<InputStream> {

		private final Engine engine;

		private final BodySubscriber<InputStream> delegate;

		private final boolean bodiless;

		private boolean ended;

		Body(Engine engine, BodySubscriber<InputStream> delegate, int status) {
			this.engine = engine;
			this.delegate = delegate;
			this.bodiless = status == 204 || status == 304;
			engine.begin();
		}

		@Override
		public CompletionStage<InputStream> getBody() {
			return this.delegate.getBody();
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.delegate.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long n) {
					subscription.request(n);
				}

				@Override
				public void cancel() {
					subscription.cancel();
					end();
				}

			});
		}

		@Override
		public void onNext(List<ByteBuffer> item) {
			this.delegate.onNext(item);
		}

		@Override
		public void onError(Throwable failure) {
			this.delegate.onError(failure);
			end();
		}

		@Override
		public void onComplete() {
			// older than every limit, so that the next request replaces the engine
			this.engine.addIdle(JdkConnectionPool.this.nanoTime.getAsLong() - (this.bodiless ? Long.MAX_VALUE / 2 : 0));
			this.delegate.onComplete();
			end();
		}

		private synchronized void end() {
			if (!this.ended) {
				this.ended = true;
				this.engine.end(null);
			}
		}

	}

}
