package io.aki.client;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;

import io.aki.client.http.AkiClientHttpRequestFactory;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a start is not sent again if the server may have received it. The kind of
 * the failure does not matter.
 */
@Timeout(60)
class SentRequestTests {

	private static final String STARTED = "{\"success\": true, \"job_id\": \"job#1\"}";

	@AutoClose
	private final ScriptedServer server = new ScriptedServer();

	private AkiClient.Builder client(RestClient.Builder restClientBuilder) {
		return this.server.client()
			.retry(new AkiRetryPolicy(4, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.restClientBuilder(restClientBuilder);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JETTY")
	void startIsNotRepeatedAfterAnInterceptorCouldNotConnectElsewhere(Engine engine) throws Exception {
		this.server.json(STARTED);
		AkiClientHttpRequestFactory requestFactory = engine.requestFactory();
		try (AkiClient client = client(
				RestClient.builder().requestFactory(requestFactory).requestInterceptor((request, body, execution) -> {
					execution.execute(request, body).close();
					throw new ConnectException("Connection to the audit log refused");
				}))
			.build()) {
			assertThat(client.doApiRequestAwait(Map.of()).error()).contains("The server may have started the job");
			assertThat(this.server.requests()).hasSize(1);
		}
		requestFactory.destroy();
	}

	@Test
	void startIsNotRepeatedAfterA503ThatNamesAJobAndIsCutOff() {
		this.server.reply(503, "{\"success\": false, \"job_id\": \"job");
		try (AkiClient client = client(RestClient.builder()).build()) {
			assertThat(client.doApiRequestAwait(Map.of()).success()).isFalse();
			assertThat(this.server.requests()).hasSize(1);
		}
	}

	@Test
	void connectionOfA407IsReleased() {
		this.server.reply(407, "Proxy authentication required");
		HttpComponentsClientHttpRequestFactory apache = new HttpComponentsClientHttpRequestFactory(HttpClients.custom()
			.disableAutomaticRetries()
			.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setMaxConnTotal(1).build())
			.build());
		AkiClientHttpRequestFactory requestFactory = new AkiClientHttpRequestFactory(apache);
		try (AkiClient client = client(RestClient.builder().requestFactory(requestFactory)).build()) {
			assertThat(client.doApiRequestAwait(Map.of()).error()).contains("the proxy refused the connection")
				.contains("407");
			assertThat(this.server.requests()).hasSize(4);
		}
		requestFactory.destroy();
	}

}
