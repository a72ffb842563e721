package io.aki.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.AbstractStreamingClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.FastByteArrayOutputStream;

/**
 * A request of the JDK's engine that needs no thread except the caller's and the
 * engine's: the engine sends a byte array, and the caller reads the response body. An
 * interrupt ends it at any moment.
 */
final class JdkHttpRequest extends AbstractStreamingClientHttpRequest {

	/**
	 * The engine sets these headers itself and does not accept them.
	 */
	private static final Set<String> SET_BY_ENGINE = Set.of("connection", "content-length", "expect", "host",
			"upgrade");

	private static final String GZIP = "gzip";

	private final JdkConnectionPool pool;

	private final URI uri;

	private final HttpMethod method;

	private final long maxIdleNanos;

	private final boolean compression;

	JdkHttpRequest(JdkConnectionPool pool, URI uri, HttpMethod method, long maxIdleNanos, boolean compression) {
		this.pool = pool;
		this.uri = uri;
		this.method = method;
		this.maxIdleNanos = maxIdleNanos;
		this.compression = compression;
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	public HttpMethod getMethod() {
		return this.method;
	}

	@Override
	protected ClientHttpResponse executeInternal(HttpHeaders headers, @Nullable Body body) throws IOException {
		LimitedExchange exchange = LimitedExchange.current();
		JdkResponseBodyHandler responseBody = new JdkResponseBodyHandler(
				(exchange != null) ? exchange.deadline() : null);
		if (exchange != null) {
			exchange.cancelWith(responseBody::abandon);
		}
		try {
			HttpResponse<InputStream> response = this.pool.send(request(headers, body, exchange), responseBody,
					this.maxIdleNanos);
			if (response.body() == null) {
				throw NetworkFailure.refusedByProxy(response.statusCode());
			}
			return new JdkHttpResponse(response);
		}
		catch (InterruptedException ex) {
			responseBody.abandon();
			Thread.currentThread().interrupt();
			InterruptedIOException interrupted = new InterruptedIOException(
					"Interrupted while waiting for the response");
			interrupted.initCause(ex);
			throw interrupted;
		}
	}

	private HttpRequest request(HttpHeaders headers, @Nullable Body body, @Nullable LimitedExchange exchange)
			throws IOException {
		HttpRequest.Builder builder = HttpRequest.newBuilder(this.uri).method(this.method.name(), publisher(body));
		if (exchange != null) {
			builder.timeout(exchange.timeLeft());
		}
		boolean encodingGiven = false;
		for (var header : headers.headerSet()) {
			String name = header.getKey();
			if (SET_BY_ENGINE.contains(name.toLowerCase(Locale.ROOT))) {
				continue;
			}
			encodingGiven = encodingGiven || HttpHeaders.ACCEPT_ENCODING.equalsIgnoreCase(name);
			for (String value : header.getValue()) {
				builder.header(name, (value != null) ? value : "");
			}
		}
		if (this.compression && !encodingGiven) {
			builder.header(HttpHeaders.ACCEPT_ENCODING, GZIP);
		}
		return builder.build();
	}

	private static BodyPublisher publisher(@Nullable Body body) throws IOException {
		if (body == null) {
			return BodyPublishers.noBody();
		}
		if (body instanceof RequestBody json && json.exchange() != null) {
			return new JdkRequestBody(json.bytes(), json.exchange());
		}
		FastByteArrayOutputStream bytes = new FastByteArrayOutputStream();
		body.writeTo(bytes);
		return BodyPublishers.ofByteArray(bytes.toByteArrayUnsafe());
	}

	/**
	 * The engine subscribes once it has a connection. It may do so before the TLS
	 * handshake has ended.
	 */
	private record JdkRequestBody(BodyPublisher bytes, LimitedExchange exchange) implements BodyPublisher {

		JdkRequestBody(byte[] bytes, LimitedExchange exchange) {
			this(BodyPublishers.ofByteArray(bytes), exchange);
		}

		@Override
		public long contentLength() {
			return this.bytes.contentLength();
		}

		@Override
		public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
			try {
				this.exchange.sending();
			}
			catch (IOException ex) {
				subscriber.onSubscribe(new NoSubscription());
				subscriber.onError(ex);
				return;
			}
			this.bytes.subscribe(subscriber);
		}

	}

	private static final class NoSubscription implements Flow.Subscription {

		@Override
		public void request(long n) {
		}

		@Override
		public void cancel() {
		}

	}

}
