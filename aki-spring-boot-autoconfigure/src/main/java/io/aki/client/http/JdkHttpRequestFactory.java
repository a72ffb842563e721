package io.aki.client.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Creates requests for the JDK's engine. The engine is created with the first request,
 * because it reads all certificates that the JDK trusts, which would delay the start of
 * an application.
 */
final class JdkHttpRequestFactory implements ClientHttpRequestFactory, DisposableBean {

	/**
	 * Routers and firewalls drop idle connections without a message, most of them after
	 * minutes.
	 */
	private static final Duration MAX_IDLE = Duration.ofSeconds(30);

	private static final Duration UNLIMITED = Duration.ofNanos(Long.MAX_VALUE);

	private final Supplier<HttpClient> source;

	private final long maxIdleNanos;

	private final long maxIdleNanosBeforeStart;

	private final LongSupplier nanoTime;

	private final BooleanSupplier compression;

	private final Map<String, JdkConnectionPool> pools = new HashMap<>();

	private boolean closed;

	/**
	 * Create a factory that leaves it to the engine how long it reuses connections.
	 */
	JdkHttpRequestFactory(Supplier<HttpClient> source, BooleanSupplier compression) {
		this(source, UNLIMITED, UNLIMITED, System::nanoTime, compression);
	}

	/**
	 * Create a factory.
	 * @param source supplies a new engine at each call
	 * @param maxIdleBeforeStart the maximum time that a connection may have been idle
	 * when a request that starts a job is sent on it
	 */
	JdkHttpRequestFactory(Supplier<HttpClient> source, Duration maxIdleBeforeStart, LongSupplier nanoTime,
			BooleanSupplier compression) {
		this(source, MAX_IDLE, maxIdleBeforeStart, nanoTime, compression);
	}

	private JdkHttpRequestFactory(Supplier<HttpClient> source, Duration maxIdle, Duration maxIdleBeforeStart,
			LongSupplier nanoTime, BooleanSupplier compression) {
		this.source = source;
		this.maxIdleNanos = maxIdle.toNanos();
		this.maxIdleNanosBeforeStart = Math.min(maxIdle.toNanos(), maxIdleBeforeStart.toNanos());
		this.nanoTime = nanoTime;
		this.compression = compression;
	}

	@Override
	public synchronized ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
		if (this.closed) {
			throw new IOException("The HTTP engine is closed");
		}
		JdkConnectionPool pool = this.pools.computeIfAbsent(uri.getScheme() + ':' + uri.getRawAuthority(),
				(server) -> new JdkConnectionPool(this.source, this.nanoTime));
		return new JdkHttpRequest(pool, uri, method,
				isStart(uri, method) ? this.maxIdleNanosBeforeStart : this.maxIdleNanos,
				this.compression.getAsBoolean());
	}

	/**
	 * A start must not be repeated if its connection breaks.
	 */
	private static boolean isStart(URI uri, HttpMethod method) {
		return HttpMethod.POST.equals(method) && uri.getRawPath().contains("/api/call/");
	}

	@Override
	public synchronized void destroy() {
		this.closed = true;
		this.pools.values().forEach(JdkConnectionPool::close);
	}

}
