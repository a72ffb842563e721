package io.aki.secrets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpServer;
import io.aki.client.AkiClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which logs of the HTTP engines contain the key when the logs are enabled.
 * {@code docs/security.md} warns about these logs. {@link KeySearchingAppender} ignores
 * them.
 */
@Timeout(60)
class EngineLogTests {

	private HttpServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			try (exchange) {
				exchange.getRequestBody().readAllBytes();
				byte[] body = "{\"success\":true,\"endpoints\":[],\"text\":\"x\"}".getBytes(StandardCharsets.UTF_8);
				exchange.sendResponseHeaders(200, body.length);
				exchange.getResponseBody().write(body);
			}
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@Test
	void apachesDebugLogsShowTheKey() {
		for (String name : new String[] { "org.apache.hc.client5.http.wire", "org.apache.hc.client5.http.headers",
				"org.apache.hc.client5.http.impl.classic.MainClientExec" }) {
			Logger logger = (Logger) LoggerFactory.getLogger(name);
			// formatted at once, because the engine reuses the buffer that it logs
			List<String> messages = new CopyOnWriteArrayList<>();
			AppenderBase<ILoggingEvent> logged = new AppenderBase<>() {

				@Override
				protected void append(ILoggingEvent event) {
					messages.add(event.getFormattedMessage());
				}

			};
			logged.start();
			logger.addAppender(logged);
			try {
				call(AkiClient.builder()
					.restClientBuilder(
							RestClient.builder().requestFactory(new HttpComponentsClientHttpRequestFactory())),
						url());
			}
			finally {
				logger.detachAppender(logged);
			}
			assertThat(KeySearchingAppender.NOT_OURS).contains(name);
			assertThat(messages).as(name).anyMatch(TestKeys::isShownBy);
		}
	}

	@Test
	void requestLogOfTheJdkShowsTheKeyAndIsOffUnlessAskedFor() throws Exception {
		assertThat(TestKeys.isShownBy(outputOfAProcess("-Dx=y"))).isFalse();
		assertThat(TestKeys.isShownBy(outputOfAProcess("-Djdk.httpclient.HttpClient.log=requests"))).isTrue();
	}

	private String outputOfAProcess(String option) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), option,
				"-cp", System.getProperty("java.class.path"), Worker.class.getName(), url())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

	private String url() {
		return "http://localhost:" + this.server.getAddress().getPort();
	}

	private static void call(AkiClient.Builder builder, String url) {
		try (AkiClient client = builder.apiServer(url).apiKey(TestKeys.KEY).endpoint("chat").build()) {
			client.doApiRequest(Map.of("prompt_input", "x")).orThrow();
			client.getEndpointList().orThrow();
		}
	}

	/**
	 * The main class of the process. It makes calls with the JDK's engine.
	 */
	static final class Worker {

		private Worker() {
		}

		public static void main(String[] args) {
			call(AkiClient.builder(), args[0]);
		}

	}

}
