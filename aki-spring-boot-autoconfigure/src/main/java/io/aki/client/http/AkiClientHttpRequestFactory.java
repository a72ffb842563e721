package io.aki.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.AbstractStreamingClientHttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * {@link ClientHttpRequestFactory} that applies the time and size limits of an
 * {@code AkiClient} to each of its exchanges: a blocking call may take minutes, a poll
 * may not.
 * <p>
 * Wrap the factory of a {@link org.springframework.web.client.RestClient.Builder} that is
 * passed to {@code AkiClient.Builder.restClientBuilder(…)}. Without it the timeouts of
 * that factory apply to all exchanges. The auto-configuration wraps the factory.
 * <p>
 * The factories of Spring Framework are supported (JDK, Apache HttpClient 5, Jetty,
 * Reactor Netty, {@code HttpURLConnection}); any other factory keeps its own timeouts.
 * The wrapped factory must not be used elsewhere. Thread-safe.
 *
 * @since 1.0.0
 */
public final class AkiClientHttpRequestFactory implements ClientHttpRequestFactory, DisposableBean {

	/**
	 * The recommended executor for an {@link HttpClient} that is passed to
	 * {@link #ofJdkClient}: its own thread runs its tasks. That saves two thread changes
	 * per exchange, half of its CPU time. It is safe because no task waits: the request
	 * body is a byte array, and the response body never makes the engine wait.
	 */
	public static final Executor JDK_EXECUTOR = Runnable::run;

	private final ClientHttpRequestFactory delegate;

	private final @Nullable Consumer<Duration> timeoutSetter;

	private final boolean reactor;

	/** Takes the request body before it has a connection. */
	private final boolean jetty;

	private final EngineLifecycle lifecycle = new EngineLifecycle(this::destroyDelegate);

	private @Nullable Duration timeout;

	/**
	 * Wrap a factory.
	 * @param delegate the factory that makes the requests
	 */
	public AkiClientHttpRequestFactory(ClientHttpRequestFactory delegate) {
		Assert.notNull(delegate, "'delegate' must not be null");
		this.delegate = delegate;
		this.timeoutSetter = timeoutSetter(delegate);
		String engine = ClassUtils.getUserClass(delegate).getSimpleName();
		this.reactor = engine.equals("ReactorClientHttpRequestFactory");
		this.jetty = engine.equals("JettyClientHttpRequestFactory");
	}

	/**
	 * Create a factory for the JDK's engine. It needs less CPU time than Spring
	 * Framework's factory, and an interrupt ends an exchange at any moment.
	 * @param client supplies a new engine when the first request to a server is made; use
	 * the {@link #JDK_EXECUTOR}. {@link #destroy()} closes it as soon as its exchanges
	 * have ended
	 * @param compression supplies whether to accept compressed responses
	 * @return the factory
	 */
	public static AkiClientHttpRequestFactory ofJdkClient(Supplier<HttpClient> client, BooleanSupplier compression) {
		Assert.notNull(client, "'client' must not be null");
		return new AkiClientHttpRequestFactory(new JdkHttpRequestFactory(client, compression));
	}

	/**
	 * Create a factory for the JDK's engine that does not reuse connections that have
	 * been idle for long. No connection is reused after 30 seconds.
	 * @param client supplies a new engine at each call: the factory replaces an engine
	 * whose connections have been idle for too long. Use the {@link #JDK_EXECUTOR}
	 * @param maxIdleBeforeStart the maximum time that a connection may have been idle
	 * when a request that starts a job is sent on it
	 * @param compression supplies whether to accept compressed responses
	 * @return the factory
	 */
	public static AkiClientHttpRequestFactory ofJdkClient(Supplier<HttpClient> client, Duration maxIdleBeforeStart,
			BooleanSupplier compression) {
		Assert.notNull(client, "'client' must not be null");
		Assert.notNull(maxIdleBeforeStart, "'maxIdleBeforeStart' must not be null");
		return new AkiClientHttpRequestFactory(
				new JdkHttpRequestFactory(client, maxIdleBeforeStart, System::nanoTime, compression));
	}

	private static @Nullable Consumer<Duration> timeoutSetter(ClientHttpRequestFactory delegate) {
		if (delegate instanceof JdkClientHttpRequestFactory jdk) {
			return jdk::setReadTimeout;
		}
		if (delegate instanceof SimpleClientHttpRequestFactory simple) {
			return timeoutSetter(simple);
		}
		return switch (ClassUtils.getUserClass(delegate).getSimpleName()) {
			case "HttpComponentsClientHttpRequestFactory" -> HttpComponents.limit(delegate);
			case "JettyClientHttpRequestFactory" -> Jetty.timeoutSetter(delegate);
			case "ReactorClientHttpRequestFactory" -> Reactor.timeoutSetter(delegate);
			default -> null;
		};
	}

	/**
	 * The factory has no getter for its connect timeout, which is kept if it is shorter.
	 */
	private static Consumer<Duration> timeoutSetter(SimpleClientHttpRequestFactory simple) {
		Field field = ReflectionUtils.findField(SimpleClientHttpRequestFactory.class, "connectTimeout", int.class);
		Duration longest = Duration.ofMillis(Integer.MAX_VALUE);
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
			longest = (ReflectionUtils.getField(field, simple) instanceof Integer millis && millis > 0)
					? Duration.ofMillis(millis) : longest;
		}
		Duration connectTimeout = longest;
		return (timeout) -> {
			simple.setConnectTimeout((timeout.compareTo(connectTimeout) < 0) ? timeout : connectTimeout);
			simple.setReadTimeout(timeout);
		};
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
		LimitedExchange exchange = LimitedExchange.current();
		return (exchange != null) ? new LimitedRequest(uri, method, exchange)
				: this.delegate.createRequest(uri, method);
	}

	/**
	 * Refuse further exchanges of an {@code AkiClient}, and close the engine when those
	 * in flight have ended. This method does not wait for them.
	 */
	@Override
	public void destroy() {
		this.lifecycle.close();
	}

	private void destroyDelegate() throws Exception {
		if (this.delegate instanceof DisposableBean disposable) {
			disposable.destroy();
		}
	}

	private ClientHttpRequest createRequest(URI uri, HttpMethod method, Duration timeout) throws IOException {
		return (this.timeoutSetter != null) ? createRequest(uri, method, timeout, this.timeoutSetter)
				: this.delegate.createRequest(uri, method);
	}

	/**
	 * A factory gives its current timeout to the request that it creates.
	 */
	private synchronized ClientHttpRequest createRequest(URI uri, HttpMethod method, Duration timeout,
			Consumer<Duration> timeoutSetter) throws IOException {
		if (!timeout.equals(this.timeout)) {
			timeoutSetter.accept(timeout);
			this.timeout = timeout;
		}
		return this.delegate.createRequest(uri, method);
	}

	private final class LimitedRequest extends AbstractStreamingClientHttpRequest {

		private final URI uri;

		private final HttpMethod method;

		private final LimitedExchange exchange;

		LimitedRequest(URI uri, HttpMethod method, LimitedExchange exchange) {
			this.uri = uri;
			this.method = method;
			this.exchange = exchange;
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
			this.exchange.manage(AkiClientHttpRequestFactory.this.lifecycle);
			ClientHttpRequest request = createRequest(this.uri, this.method, this.exchange.timeLeft());
			request.getHeaders().putAll(headers);
			request.getAttributes().putAll(getAttributes());
			if (body == null) {
				this.exchange.maySend();
			}
			else if (request instanceof StreamingHttpOutputMessage streaming
					&& !AkiClientHttpRequestFactory.this.jetty) {
				streaming.setBody(RequestBody.of(body, this.exchange));
			}
			else {
				this.exchange.maySend();
				body.writeTo(request.getBody());
			}
			ClientHttpResponse response = request.execute();
			if (AkiClientHttpRequestFactory.this.reactor) {
				cancelAtDeadline(response.getBody());
			}
			return new BoundedResponse(response, this.exchange);
		}

		/**
		 * The stream waits without limit. It may be closed from any thread.
		 */
		private void cancelAtDeadline(InputStream body) {
			this.exchange.cancelAtDeadlineWith(() -> {
				try {
					body.close();
				}
				catch (IOException ex) {
					// the connection is closed
				}
			});
		}

	}

	private static final class HttpComponents {

		static @Nullable Consumer<Duration> limit(ClientHttpRequestFactory delegate) {
			if (delegate instanceof HttpComponentsClientHttpRequestFactory factory) {
				factory.setHttpClient(new HttpComponentsLimitedClient(factory.getHttpClient()));
			}
			return null;
		}

	}

	private static final class Jetty {

		static @Nullable Consumer<Duration> timeoutSetter(ClientHttpRequestFactory delegate) {
			return (delegate instanceof JettyClientHttpRequestFactory factory) ? factory::setReadTimeout : null;
		}

	}

	private static final class Reactor {

		static @Nullable Consumer<Duration> timeoutSetter(ClientHttpRequestFactory delegate) {
			return (delegate instanceof ReactorClientHttpRequestFactory factory) ? factory::setReadTimeout : null;
		}

	}

}
