package io.aki.spring.boot.autoconfigure;

import java.io.IOException;
import java.time.Duration;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.util.Timeout;

import org.springframework.util.ClassUtils;

/**
 * Limits the time that a pooled connection of Apache HttpClient may have been idle when
 * it is used again. Requests that start a job have a shorter limit than others. The pool
 * asks for the limit in the thread that sends the request.
 */
final class IdleConnectionLimits implements ExecChainHandler {

	private static final boolean IDLE_TIMEOUT = ClassUtils.hasMethod(ConnectionConfig.Builder.class, "setIdleTimeout",
			Timeout.class);

	private static final Timeout MAX_IDLE = Timeout.ofSeconds(30);

	private final ThreadLocal<Boolean> starting = ThreadLocal.withInitial(() -> false);

	private final Timeout maxIdleBeforeStart;

	private ConnectionConfig.Builder config = ConnectionConfig.custom();

	IdleConnectionLimits(Duration maxIdleBeforeStart) {
		long millis = Math.min(maxIdleBeforeStart.toMillis(), MAX_IDLE.toMilliseconds());
		this.maxIdleBeforeStart = Timeout.ofMilliseconds(Math.max(1, millis));
	}

	/**
	 * Set the limit of all connections. Spring Boot and customizers of the user complete
	 * the configuration.
	 */
	void customize(ConnectionConfig.Builder config) {
		this.config = limit(config, MAX_IDLE);
	}

	/**
	 * Limit the idle time or, before HttpClient 5.6 (Spring Boot 4.0), the age of a
	 * connection, which is never shorter.
	 */
	private static ConnectionConfig.Builder limit(ConnectionConfig.Builder config, Timeout maxIdle) {
		return IDLE_TIMEOUT ? config.setIdleTimeout(maxIdle) : config.setTimeToLive(maxIdle);
	}

	/**
	 * Use the completed configuration, with another limit for starts.
	 */
	void customize(PoolingHttpClientConnectionManagerBuilder builder) {
		ConnectionConfig others = this.config.build();
		ConnectionConfig starts = limit(this.config, this.maxIdleBeforeStart).build();
		builder.setConnectionConfigResolver((HttpRoute route) -> this.starting.get() ? starts : others);
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		if (!"POST".equals(request.getMethod()) || !request.getPath().contains("/api/call/")) {
			return chain.proceed(request, scope);
		}
		this.starting.set(true);
		try {
			return chain.proceed(request, scope);
		}
		finally {
			this.starting.remove();
		}
	}

}
