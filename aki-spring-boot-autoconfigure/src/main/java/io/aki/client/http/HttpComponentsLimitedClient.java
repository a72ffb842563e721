package io.aki.client.http;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Applies the limits of the current {@link LimitedExchange} to the requests of an Apache
 * HttpClient: the remaining time limits the wait for a pooled connection and for the
 * response. The request is canceled at the deadline, whatever it waits for.
 */
final class HttpComponentsLimitedClient extends CloseableHttpClient implements Configurable {

	private final HttpClient client;

	HttpComponentsLimitedClient(HttpClient client) {
		this.client = client;
	}

	@Override
	public ClassicHttpResponse executeOpen(@Nullable HttpHost target, ClassicHttpRequest request, HttpContext context)
			throws IOException {
		LimitedExchange exchange = LimitedExchange.current();
		if (exchange != null) {
			HttpClientContext limited = HttpClientContext.cast(context);
			limited.setRequestConfig(limit(limited.getRequestConfigOrDefault(), exchange.timeLeft()));
			if (request instanceof Cancellable cancellable) {
				exchange.cancelAtDeadlineWith(cancellable::cancel);
			}
			return this.client.executeOpen(target, request, limited);
		}
		return this.client.executeOpen(target, request, context);
	}

	private static RequestConfig limit(RequestConfig config, Duration timeLeft) {
		Timeout timeout = Timeout.of(timeLeft);
		Timeout ofPool = config.getConnectionRequestTimeout();
		return RequestConfig.copy(config)
			.setResponseTimeout(timeout)
			.setConnectionRequestTimeout(
					(ofPool != null && ofPool.isEnabled() && ofPool.compareTo(timeout) < 0) ? ofPool : timeout)
			.build();
	}

	@Override
	protected CloseableHttpResponse doExecute(@Nullable HttpHost target, ClassicHttpRequest request,
			HttpContext context) {
		throw new UnsupportedOperationException("Spring's request factory calls 'executeOpen' only");
	}

	@Override
	public @Nullable RequestConfig getConfig() {
		return (this.client instanceof Configurable configurable) ? configurable.getConfig() : null;
	}

	@Override
	public void close() throws IOException {
		if (this.client instanceof Closeable closeable) {
			closeable.close();
		}
	}

	@Override
	public void close(CloseMode mode) {
		Closer.closeQuietly(this);
	}

}
