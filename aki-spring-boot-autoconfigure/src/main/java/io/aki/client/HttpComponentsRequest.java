package io.aki.client;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.NullEntity;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A request of Apache HttpClient 5 that is made once all of it is known: Spring
 * Framework's is made with its timeout, before the headers, which then are copied from
 * request to request.
 */
final class HttpComponentsRequest extends EngineRequest {

	private final HttpClient client;

	HttpComponentsRequest(HttpClient client, URI uri, HttpMethod method) {
		super(uri, method);
		this.client = client;
	}

	@Override
	protected ClientHttpResponse executeInternal(HttpHeaders headers) throws IOException {
		HttpUriRequestBase request = new HttpUriRequestBase(getMethod().name(), getURI());
		for (var header : headers.headerSet()) {
			String name = header.getKey();
			if (!HttpHeaders.CONTENT_LENGTH.equalsIgnoreCase(name)
					&& !HttpHeaders.TRANSFER_ENCODING.equalsIgnoreCase(name)) {
				header.getValue().forEach((value) -> request.addHeader(name, value));
			}
		}
		byte[] body = bytes();
		if (body != null) {
			request.setEntity(new ByteArrayEntity(body, null));
		}
		else if (!HttpMethod.GET.equals(getMethod())) {
			request.setEntity(NullEntity.INSTANCE);
		}
		HttpClientContext context = HttpClientContext.create();
		RequestTimes times = RequestTimes.of(getAttributes());
		if (times.untilAnswer() != null) {
			context.setRequestConfig(RequestConfig.copy(config())
				.setResponseTimeout(Math.max(1, times.untilAnswer().toMillis()), TimeUnit.MILLISECONDS)
				.build());
		}
		return new HttpComponentsResponse(this.client.executeOpen(null, request, context));
	}

	private RequestConfig config() {
		RequestConfig config = (this.client instanceof Configurable configurable) ? configurable.getConfig() : null;
		return (config != null) ? config : RequestConfig.DEFAULT;
	}

}
