package io.aki.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
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

/**
 * Gives each request its own read timeout, over the connections of one HTTP engine: a
 * blocking call may take minutes, a poll may not.
 * <p>
 * The timeout travels as the request attribute {@link #READ_TIMEOUT}, which an
 * {@link AkiClient} sets on all its requests. Wrap the factory of a
 * {@link org.springframework.web.client.RestClient.Builder} that is passed to
 * {@link AkiClient.Builder#restClientBuilder} to have the client's timeouts apply;
 * without it the factory's own timeout bounds all exchanges alike. The auto-configuration
 * does so.
 * <p>
 * The engines of Spring Framework are supported (JDK, Apache HttpClient 5, Jetty, Reactor
 * Netty, {@code HttpURLConnection}); any other keeps its own timeout. The wrapped factory
 * must not be used by anyone else. Thread-safe.
 */
public final class ReadTimeoutRequestFactory implements ClientHttpRequestFactory, DisposableBean {

	/**
	 * Name of the request attribute that holds the read timeout, a {@link Duration}.
	 */
	public static final String READ_TIMEOUT = ReadTimeoutRequestFactory.class.getName() + ".readTimeout";

	/**
	 * Name of the request attribute that holds the moment at which the whole answer must
	 * be there, a {@link System#nanoTime()} as a {@link Long}. Without it the read
	 * timeout bounds the whole answer.
	 */
	static final String DEADLINE = ReadTimeoutRequestFactory.class.getName() + ".deadline";

	/**
	 * What an {@link HttpClient} that is passed to {@link #ofJdkClient} does best to run
	 * its tasks with: its own thread does them at once. That spares each exchange two
	 * changes of threads, half of its cost. It is safe as long as none of them waits: our
	 * requests give it bytes that are all there, and take bytes without ever making it
	 * wait.
	 */
	public static final Executor JDK_EXECUTOR = Runnable::run;

	private final ClientHttpRequestFactory delegate;

	private final @Nullable Consumer<Duration> readTimeoutSetter;

	/** Whether the factory's requests take their timeout from their attributes. */
	private final boolean timed;

	private @Nullable Duration current;

	/**
	 * Wrap a factory.
	 * @param delegate the factory that makes the requests
	 */
	public ReadTimeoutRequestFactory(ClientHttpRequestFactory delegate) {
		Assert.notNull(delegate, "'delegate' must not be null");
		this.delegate = delegate;
		this.readTimeoutSetter = readTimeoutSetter(delegate);
		this.timed = false;
	}

	private ReadTimeoutRequestFactory(ClientHttpRequestFactory delegate, boolean timed) {
		this.delegate = delegate;
		this.readTimeoutSetter = null;
		this.timed = timed;
	}

	/**
	 * Make requests with the JDK's engine, at a lower cost than with Spring Framework's
	 * factory for it: bodies are sent as the bytes that they are, an interrupt ends an
	 * exchange at any moment, and a stalled answer ends at its deadline.
	 * @param client makes the engine when it is first needed; best with the
	 * {@link #JDK_EXECUTOR}. The engine is closed by {@link #destroy()}, on JDK 21 and
	 * newer as soon as its calls have ended, before that when it is garbage
	 * @return the factory
	 */
	public static ReadTimeoutRequestFactory ofJdkClient(Supplier<HttpClient> client) {
		Assert.notNull(client, "'client' must not be null");
		return new ReadTimeoutRequestFactory(new JdkHttpRequestFactory(client), true);
	}

	/**
	 * Make requests with Apache HttpClient 5, at a lower cost than with Spring
	 * Framework's factory for it.
	 * @param factory has the engine. What is set on the factory itself, such as a timeout
	 * or a context, does not apply; what is set on its engine does. The factory is closed
	 * by {@link #destroy()}
	 * @return the factory
	 */
	public static ReadTimeoutRequestFactory ofHttpComponents(HttpComponentsClientHttpRequestFactory factory) {
		Assert.notNull(factory, "'factory' must not be null");
		return new ReadTimeoutRequestFactory(new HttpComponentsRequestFactory(factory), true);
	}

	private static @Nullable Consumer<Duration> readTimeoutSetter(ClientHttpRequestFactory delegate) {
		if (delegate instanceof JdkClientHttpRequestFactory jdk) {
			return jdk::setReadTimeout;
		}
		if (delegate instanceof SimpleClientHttpRequestFactory simple) {
			return simple::setReadTimeout;
		}
		return switch (ClassUtils.getUserClass(delegate).getSimpleName()) {
			case "HttpComponentsClientHttpRequestFactory" -> HttpComponents.readTimeoutSetter(delegate);
			case "JettyClientHttpRequestFactory" -> Jetty.readTimeoutSetter(delegate);
			case "ReactorClientHttpRequestFactory" -> Reactor.readTimeoutSetter(delegate);
			default -> null;
		};
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
		return this.timed ? this.delegate.createRequest(uri, method) : new TimedRequest(uri, method);
	}

	@Override
	public void destroy() throws Exception {
		if (this.delegate instanceof DisposableBean disposable) {
			disposable.destroy();
		}
	}

	/**
	 * Every supported factory hands its present timeout to the request that it creates.
	 */
	private synchronized ClientHttpRequest createRequest(URI uri, HttpMethod method, @Nullable Duration readTimeout)
			throws IOException {
		if (readTimeout != null && this.readTimeoutSetter != null && !readTimeout.equals(this.current)) {
			this.readTimeoutSetter.accept(readTimeout);
			this.current = readTimeout;
		}
		return this.delegate.createRequest(uri, method);
	}

	private final class TimedRequest extends EngineRequest {

		TimedRequest(URI uri, HttpMethod method) {
			super(uri, method);
		}

		@Override
		protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
			ClientHttpRequest request = createRequest(getURI(), getMethod(),
					(Duration) getAttributes().get(READ_TIMEOUT));
			request.getHeaders().putAll(headers);
			request.getAttributes().putAll(getAttributes());
			byte[] body = bytes();
			if (body != null && request instanceof StreamingHttpOutputMessage streaming) {
				streaming.setBody(new RequestBody(body));
			}
			else if (body != null) {
				request.getBody().write(body);
			}
			return request.execute();
		}

	}

	private static final class HttpComponents {

		static @Nullable Consumer<Duration> readTimeoutSetter(ClientHttpRequestFactory delegate) {
			return (delegate instanceof HttpComponentsClientHttpRequestFactory factory) ? factory::setReadTimeout
					: null;
		}

	}

	private static final class Jetty {

		static @Nullable Consumer<Duration> readTimeoutSetter(ClientHttpRequestFactory delegate) {
			return (delegate instanceof JettyClientHttpRequestFactory factory) ? factory::setReadTimeout : null;
		}

	}

	private static final class Reactor {

		static @Nullable Consumer<Duration> readTimeoutSetter(ClientHttpRequestFactory delegate) {
			return (delegate instanceof ReactorClientHttpRequestFactory factory) ? factory::setReadTimeout : null;
		}

	}

}
