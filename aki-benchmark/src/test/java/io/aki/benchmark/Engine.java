package io.aki.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

import io.aki.client.AkiClient;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An HTTP engine. It is used directly, and with our client on top of it.
 */
enum Engine {

	JDK {

		@Override
		Ours ours(String url) {
			AkiClient client = AkiClient.builder().apiServer(url).apiKey(KEY).endpoint(ENDPOINT).build();
			return new Ours(client, client::close);
		}

		@Override
		Bare bare(String url) {
			HttpClient client = HttpClient.newHttpClient();
			return (path, body) -> {
				HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
					.header("Content-Type", "application/json")
					.timeout(TIMEOUT)
					.POST(HttpRequest.BodyPublishers.ofByteArray(body))
					.build();
				return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
			};
		}

	},

	/**
	 * Our client is the one that an application gets if Apache HttpClient 5 is on its
	 * class path.
	 */
	APACHE {

		@Override
		Ours ours(String url) {
			ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.NONE)
				.logStartupInfo(false)
				.properties(Map.of("aki.io.api-server", url, "aki.io.api-key", KEY, "aki.io.endpoint", ENDPOINT,
						"spring.main.banner-mode", "off", "logging.level.root", "warn"))
				.run();
			return new Ours(context.getBean(AkiClient.class), context::close);
		}

		@Override
		Bare bare(String url) {
			CloseableHttpClient client = HttpClients.custom()
				.setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(Timeout.of(TIMEOUT)).build())
				.build();
			return (path, body) -> {
				HttpPost post = new HttpPost(url + path);
				post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
				return client.execute(post, (response) -> EntityUtils.toByteArray(response.getEntity()));
			};
		}

	};

	/**
	 * The timeout of the bare engines. It is the same as the timeout of our blocking
	 * calls.
	 */
	static final Duration TIMEOUT = Duration.ofSeconds(300);

	static final String KEY = "benchmark-key";

	static final String ENDPOINT = "llama3_8b_chat";

	/**
	 * Create our client.
	 */
	abstract Ours ours(String url);

	/**
	 * Create the engine without our client.
	 */
	abstract Bare bare(String url);

	/**
	 * Sends bytes and returns bytes.
	 */
	interface Bare {

		byte[] post(String path, byte[] body) throws IOException, InterruptedException;

	}

	/**
	 * Our client and the action that closes it.
	 *
	 * @param client the client
	 * @param owner the action that closes the client
	 */
	record Ours(AkiClient client, Runnable owner) implements AutoCloseable {

		@Override
		public void close() {
			this.owner.run();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
