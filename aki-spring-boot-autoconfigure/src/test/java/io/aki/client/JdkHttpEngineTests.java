package io.aki.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.client.http.JdkHttpEngine;
import org.eclipse.jetty.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdkHttpEngine}.
 */
@Timeout(60)
class JdkHttpEngineTests {

	@Test
	void usesHttp1ThoughTheServerOffersHttp2(@TempDir Path directory) throws Exception {
		SelfSignedCertificate certificate = SelfSignedCertificate.create(directory);
		AkiClientHttpRequestFactory engine = JdkHttpEngine.create(Duration.ofSeconds(30), certificate.client());
		try (Http2Server server = new Http2Server(certificate.server());
				AkiClient client = AkiClient.builder()
					.restClientBuilder(RestClient.builder().requestFactory(engine))
					.apiServer(server.url())
					.apiKey("test-key")
					.endpoint("llama3_8b_chat")
					.build()) {
			assertThat(client.doApiRequest(Map.of("prompt_input", "Hello")).error()).isNull();
			assertThat(client.getEndpointList().error()).isNull();
			assertThat(server.versions()).containsExactly(HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_1);
		}
		finally {
			engine.destroy();
		}
	}

}
