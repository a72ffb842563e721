package io.aki.client;

import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import io.aki.client.ScriptedServer.Reply;
import io.aki.client.http.AkiClientHttpRequestFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ApiTransport} and for the code that reads its outcomes, with each HTTP
 * engine.
 */
@Timeout(60)
class ApiTransportTests {

	private static final String KEY = "sk-live/+=&<Zq7>\"";

	enum Engine {

		JDK, APACHE;

		ClientHttpRequestFactory requestFactory() {
			return (this == JDK) ? new JdkClientHttpRequestFactory() : new HttpComponentsClientHttpRequestFactory();
		}

		AkiClient.Builder client(String server) {
			return AkiClient.builder()
				.apiServer(server)
				.apiKey(KEY)
				.endpoint("llama3_8b_chat")
				.retry(AkiRetryPolicy.none())
				.restClientBuilder(
						RestClient.builder().requestFactory(new AkiClientHttpRequestFactory(requestFactory())));
		}

	}

	@ParameterizedTest
	@EnumSource
	void aCertificateThatIsNotTrustedIsARefusal(Engine engine, @TempDir Path directory) throws Exception {
		try (ServerSocket server = selfSigned(directory).getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			answer(server, (connection) -> connection.getInputStream().read());
			AkiResult result = engine.client("https://localhost:" + server.getLocalPort())
				.build()
				.doApiRequest(Map.of());
			assertThat(result.error()).startsWith("The encrypted connection was refused");
		}
	}

	@ParameterizedTest
	@EnumSource
	void aHandshakeThatIsCutOffIsRepeatedBecauseTheServerHasSeenNoRequest(Engine engine) throws Exception {
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			java.util.concurrent.atomic.AtomicInteger connections = new java.util.concurrent.atomic.AtomicInteger();
			answer(server, (connection) -> {
				connections.incrementAndGet();
				readHello(connection.getInputStream());
			});
			AkiResult result = engine.client("https://localhost:" + server.getLocalPort())
				.retry(new AkiRetryPolicy(3, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
				.build()
				.doApiRequest(Map.of());
			assertThat(result.error()).startsWith("The server cannot be reached");
			assertThat(connections).hasValue(3);
		}
	}

	/**
	 * Read the whole first message of the handshake. Otherwise closing the socket would
	 * reset the connection.
	 */
	private static void readHello(InputStream in) throws java.io.IOException {
		byte[] header = in.readNBytes(5);
		in.readNBytes((header[3] & 0xff) << 8 | header[4] & 0xff);
	}

	private interface Connection {

		void serve(Socket connection) throws java.io.IOException;

	}

	private static void answer(ServerSocket server, Connection answer) {
		Thread thread = new Thread(() -> {
			while (true) {
				try (Socket connection = server.accept()) {
					answer.serve(connection);
				}
				catch (java.io.IOException ex) {
					if (server.isClosed()) {
						return;
					}
				}
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	private static SSLContext selfSigned(Path directory) throws Exception {
		File file = directory.resolve("server.p12").toFile();
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"SAN=dns:localhost", "-storetype", "PKCS12", "-storepass", "secret", "-keystore", file.getPath())
			.redirectErrorStream(true)
			.start();
		assertThat(keytool.waitFor()).as(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
			.isZero();
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = new FileInputStream(file)) {
			store.load(in, "secret".toCharArray());
		}
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(store, "secret".toCharArray());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), null, null);
		return context;
	}

	@ParameterizedTest
	@EnumSource
	void anAnswerThatTricklesEndsAtTheTimeLimit(Engine engine) throws Exception {
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			answer(server, (connection) -> {
				connection.getInputStream().read();
				connection.getOutputStream()
					.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{"
						.getBytes(StandardCharsets.US_ASCII));
				while (true) {
					connection.getOutputStream().write(' ');
					java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
				}
			});
			AkiResult result = engine.client("http://127.0.0.1:" + server.getLocalPort())
				.readTimeout(Duration.ofMillis(300))
				.build()
				.doApiRequest(Map.of());
			assertThat(result.error()).startsWith("No complete response within 0.3 s");
		}
	}

	static Stream<Reply> echoes() {
		String json = ScriptedServer.JSON.writeValueAsString(KEY);
		String encoded = org.springframework.web.util.UriUtils.encode(KEY, StandardCharsets.UTF_8);
		String html = org.springframework.web.util.HtmlUtils.htmlEscape(KEY);
		return Stream.of(
				Reply.json(401, "{\"success\": false, \"error\": " + json + ", \"request\": {\"key\": " + json + "}}"),
				Reply.json(400, "{\"error\": [\"bad\", " + json + "]}"),
				Reply.json(200, "{\"success\": true, \"job_id\": \"j#1\", \"text\": \"\", \"error\": " + json + "}"),
				Reply.json(200,
						"{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"error\": " + json + "}}"),
				Reply.json(200, "{\"success\": false, \"message\": {\"description\": " + json + "}}"),
				Reply.json(200, "{ \"key\": " + json + ", "), Reply.of(502, "text/html", "<p>" + html + "</p>"),
				Reply.of(200, "text/plain", "GET /api/endpoints?key=" + encoded), Reply.of(302, "text/plain", "")
					.with("Location", "https://other.example/" + encoded + "?key=" + encoded));
	}

	@Test
	void aServerThatRepeatsTheRequestDoesNotBringTheKeyIntoAFailure() {
		for (Engine engine : Engine.values()) {
			echoes().forEach((reply) -> {
				try (ScriptedServer server = new ScriptedServer().reply(reply);
						AkiClient client = engine.client(server.url())
							.cancelTimeout(Duration.ofMillis(1))
							.outageTimeout(Duration.ofMillis(1))
							.build()) {
					List<AkiResponse> answers = List.of(client.doApiRequest(Map.of()),
							client.doApiRequestAwait(Map.of()), client.resume("j#1").result().join(),
							client.cancelRequest("j#2"), client.initApiKey(), client.getEndpointList(),
							client.getEndpointDetails("llama3_8b_chat"));
					assertThat(answers).filteredOn((answer) -> !answer.success()).hasSizeGreaterThan(3);
					assertThat(answers).allSatisfy((answer) -> {
						assertKeyless(ScriptedServer.JSON.writeValueAsString(answer));
						if (!answer.success()) {
							assertThatExceptionOfType(AkiException.class).isThrownBy(answer::orThrow)
								.satisfies((ex) -> assertKeyless(stackTrace(ex)));
						}
					});
				}
			});
		}
	}

	private static String stackTrace(Throwable ex) {
		java.io.StringWriter text = new java.io.StringWriter();
		ex.printStackTrace(new java.io.PrintWriter(text));
		return text.toString();
	}

	private static void assertKeyless(String text) {
		assertThat(text).doesNotContain("Zq7");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"success\": \"false\"}", "{\"success\": 0}", "{\"success\": null}" })
	void anAnswerThatDoesNotSaySoIsNoSuccess(String json) {
		try (ScriptedServer server = new ScriptedServer().json(json); AkiClient client = server.client().build()) {
			List<AkiResponse> answers = List.of(client.doApiRequest(Map.of()), client.initApiKey(),
					client.getEndpointList(), client.getEndpointDetails("llama3_8b_chat"));
			assertThat(answers).allSatisfy((answer) -> assertThat(answer.success()).as(answer.toString()).isFalse());
		}
	}

	@Test
	void whatIsMissingInAnAnswerIsTold() {
		try (ScriptedServer server = new ScriptedServer().json("{\"hello\": 1}");
				AkiClient client = server.client().build()) {
			assertThat(client.getEndpointList().error()).contains("no 'endpoints', only [hello]");
			assertThat(client.getEndpointDetails("e").error()).contains("no 'name', only [hello]");
			assertThat(client.initApiKey().error()).contains("no 'success', only [hello]");
		}
	}

	@Test
	void aSupplierOfTheKeyThatFailsIsToldApartFromAFailureOfTheServer() {
		IllegalArgumentException broken = new IllegalArgumentException("vault is sealed");
		try (AkiClient client = AkiClient.builder().endpoint("e").apiKey(() -> {
			throw broken;
		}).build()) {
			assertThatIllegalStateException().isThrownBy(() -> client.doApiRequest(Map.of()))
				.withMessageContaining("supplier")
				.withCause(broken);
			assertThatIllegalStateException().isThrownBy(() -> client.doApiRequestAsync(Map.of())).withCause(broken);
			assertThatIllegalStateException().isThrownBy(client::initApiKey).withCause(broken);
			assertThatIllegalStateException().isThrownBy(client::getEndpointList).withCause(broken);
		}
	}

	@Test
	void whatAnAnswerHoldsCannotBeChanged() {
		try (ScriptedServer server = new ScriptedServer()
			.json("{\"success\": true, \"images\": [\"a\"], \"meta\": {\"a\": [1]}}");
				AkiClient client = server.client().build()) {
			AkiResult result = client.doApiRequest(Map.of());
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> ((List<?>) result.get("images")).clear());
			assertThatExceptionOfType(UnsupportedOperationException.class)
				.isThrownBy(() -> ((Map<?, ?>) result.get("meta")).clear());
		}
	}

	@Test
	void base64OfADataUriIsToldFromOtherData() {
		assertThat(AkiClient.checkIfValidBase64String("data:text/plain,AAAA")).isFalse();
		assertThat(AkiClient.checkIfValidBase64String("data:text/plain;base64,AAAA")).isTrue();
		assertThat(AkiClient.checkIfValidBase64String("AAAA")).isTrue();
		assertThat(AkiClient.decodeBinary("data:;base64,AAAA").data()).hasSize(3);
		assertThatIllegalArgumentException().isThrownBy(() -> AkiClient.detectMediaTypeFromFormat(null));
	}

}
