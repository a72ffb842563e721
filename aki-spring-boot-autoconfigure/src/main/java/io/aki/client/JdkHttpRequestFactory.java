package io.aki.client;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Makes requests of the JDK's engine, which is made with the first: it reads all
 * certificates that the JDK trusts, which would delay an application's start.
 */
final class JdkHttpRequestFactory implements ClientHttpRequestFactory, DisposableBean {

	/**
	 * JDK 21 and newer: before, an engine ends when no one refers to it any more. Calls
	 * on their way are paid for and have their answers, which their timeouts bound.
	 */
	private static final @Nullable Method SHUTDOWN = ClassUtils.getMethodIfAvailable(HttpClient.class, "shutdown");

	private final Supplier<HttpClient> source;

	private volatile @Nullable HttpClient client;

	private volatile boolean closed;

	JdkHttpRequestFactory(Supplier<HttpClient> source) {
		this.source = source;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
		HttpClient client = this.client;
		return new JdkHttpRequest((client != null) ? client : firstClient(), uri, method);
	}

	private synchronized HttpClient firstClient() throws IOException {
		if (this.closed) {
			throw new IOException("The HTTP engine is closed");
		}
		HttpClient client = this.client;
		if (client == null) {
			client = this.source.get();
			this.client = client;
		}
		return client;
	}

	@Override
	public synchronized void destroy() {
		this.closed = true;
		HttpClient client = this.client;
		this.client = null;
		if (client != null && SHUTDOWN != null) {
			ReflectionUtils.invokeMethod(SHUTDOWN, client);
		}
	}

}
