package io.aki.client;

import java.net.URI;

import org.apache.hc.client5.http.classic.HttpClient;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Makes requests of Apache HttpClient 5.
 */
final class HttpComponentsRequestFactory implements ClientHttpRequestFactory, DisposableBean {

	private final HttpComponentsClientHttpRequestFactory engine;

	private final HttpClient client;

	HttpComponentsRequestFactory(HttpComponentsClientHttpRequestFactory engine) {
		this.engine = engine;
		this.client = engine.getHttpClient();
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
		return new HttpComponentsRequest(this.client, uri, method);
	}

	@Override
	public void destroy() throws Exception {
		this.engine.destroy();
	}

}
