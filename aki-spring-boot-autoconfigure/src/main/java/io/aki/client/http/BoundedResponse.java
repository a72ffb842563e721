package io.aki.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A response whose body is limited in time and size. Closing it aborts the exchange
 * unless the body was read to its end. Otherwise the responses of most engines would read
 * the rest without a limit in order to keep the connection.
 *
 * @since 1.0.0
 */
public final class BoundedResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final LimitedExchange exchange;

	private @Nullable BoundedInputStream body;

	/**
	 * Create a response.
	 * @param response the response of the engine
	 * @param exchange has the limits
	 */
	public BoundedResponse(ClientHttpResponse response, LimitedExchange exchange) {
		this.response = response;
		this.exchange = exchange;
	}

	@Override
	public HttpStatusCode getStatusCode() throws IOException {
		return this.response.getStatusCode();
	}

	@Override
	public String getStatusText() throws IOException {
		return this.response.getStatusText();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.response.getHeaders();
	}

	@Override
	public InputStream getBody() throws IOException {
		if (this.body == null) {
			this.body = new BoundedInputStream(this.response.getBody(), this.exchange);
		}
		return this.body;
	}

	@Override
	public void close() {
		if (this.body == null || !this.body.isComplete()) {
			abort();
		}
		this.response.close();
	}

	/**
	 * Abort the body. Closing a body aborts it, except with Apache HttpClient, whose
	 * bodies have a method for this. With an {@link AkiClientHttpRequestFactory} the
	 * exchange is canceled instead.
	 */
	private void abort() {
		if (this.exchange.cancel()) {
			return;
		}
		try {
			InputStream body = this.response.getBody();
			Method abort = ClassUtils.getMethodIfAvailable(body.getClass(), "abort");
			if (abort != null) {
				ReflectionUtils.invokeMethod(abort, body);
			}
			else {
				body.close();
			}
		}
		catch (IOException | RuntimeException ex) {
			// the connection is closed in any case
		}
	}

}
