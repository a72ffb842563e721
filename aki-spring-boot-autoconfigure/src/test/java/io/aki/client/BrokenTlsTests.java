package io.aki.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.aki.client.http.AkiClientHttpRequestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for TLS connections that fail before the server can have received a request. A
 * temporary failure is repeated. A failure that requires another certificate is not
 * repeated.
 */
@Timeout(60)
class BrokenTlsTests {

	private static final int ATTEMPTS = 3;

	static Stream<Arguments> engines() {
		return Stream.of(Handshake.values())
			.flatMap((handshake) -> Stream.of("JDK", "APACHE").map((engine) -> Arguments.of(engine, handshake)));
	}

	@ParameterizedTest
	@MethodSource("engines")
	void aHandshakeThatIsCutOffIsRepeatedAndACertificateThatIsNotTrustedIsNot(String engine, Handshake handshake)
			throws Exception {
		try (BrokenServer server = new BrokenServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
				handshake)) {
			AkiResult result = call(engine, server);
			boolean distrust = handshake == Handshake.ALERT_UNKNOWN_CA || handshake == Handshake.ALERT_NO_CERTIFICATE;
			assertThat(result.error())
				.startsWith(distrust ? "The encrypted connection was refused" : "The server cannot be reached")
				.doesNotContain("may have started");
			assertThat(server.connections.get()).isEqualTo(distrust ? 1 : ATTEMPTS);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "JDK", "APACHE" })
	void aCertificateThatIsNotTrustedIsNotTriedAgain(String engine, @TempDir Path directory) throws Exception {
		try (BrokenServer server = new BrokenServer(SelfSignedCertificate.create(directory)
			.server()
			.getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress()), null)) {
			assertThat(call(engine, server).error()).startsWith("The encrypted connection was refused");
			assertThat(server.connections.get()).isOne();
		}
	}

	private static AkiResult call(String engine, BrokenServer server) throws Exception {
		ClientHttpRequestFactory factory = engine.equals("JDK") ? new JdkClientHttpRequestFactory()
				: new HttpComponentsClientHttpRequestFactory();
		AkiClientHttpRequestFactory timed = new AkiClientHttpRequestFactory(factory);
		try (AkiClient client = AkiClient.builder()
			.restClientBuilder(RestClient.builder().requestFactory(timed))
			.apiServer("https://localhost:" + server.socket.getLocalPort())
			.apiKey("test-key")
			.endpoint("llama3_8b_chat")
			.retry(new AkiRetryPolicy(ATTEMPTS, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.build()) {
			return client.doApiRequest(Map.of("prompt_input", "x"));
		}
		finally {
			timed.destroy();
		}
	}

	/**
	 * The ways in which a server ends a TLS handshake.
	 */
	enum Handshake {

		CLOSED_AT_ONCE, CLOSED, RESET, CLOSED_IN_THE_MIDDLE, RESET_IN_THE_MIDDLE, NO_TLS, CLOSE_NOTIFY,
		ALERT_HANDSHAKE_FAILURE, ALERT_UNKNOWN_CA, ALERT_NO_CERTIFICATE;

		void end(Socket connection) throws IOException {
			if (this == CLOSED_AT_ONCE) {
				return;
			}
			InputStream in = connection.getInputStream();
			byte[] head = in.readNBytes(5);
			in.readNBytes((head[3] & 0xff) << 8 | head[4] & 0xff);
			OutputStream out = connection.getOutputStream();
			switch (this) {
				case CLOSED_IN_THE_MIDDLE, RESET_IN_THE_MIDDLE ->
					out.write(new byte[] { 22, 3, 3, 0, 100, 2, 0, 0, 96, 3, 3 });
				case NO_TLS -> out
					.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				case CLOSE_NOTIFY -> out.write(new byte[] { 21, 3, 3, 0, 2, 1, 0 });
				case ALERT_HANDSHAKE_FAILURE -> out.write(new byte[] { 21, 3, 3, 0, 2, 2, 40 });
				case ALERT_UNKNOWN_CA -> out.write(new byte[] { 21, 3, 3, 0, 2, 2, 48 });
				case ALERT_NO_CERTIFICATE -> out.write(new byte[] { 21, 3, 3, 0, 2, 2, 116 });
				default -> {
				}
			}
			out.flush();
			if (this == RESET || this == RESET_IN_THE_MIDDLE) {
				connection.setSoLinger(true, 0);
			}
			else {
				connection.shutdownOutput();
				in.transferTo(OutputStream.nullOutputStream());
			}
		}

	}

	private static final class BrokenServer implements AutoCloseable {

		private final AtomicInteger connections = new AtomicInteger();

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final ServerSocket socket;

		BrokenServer(ServerSocket socket, Handshake handshake) {
			this.socket = socket;
			this.threads.execute(() -> accept(handshake));
		}

		private void accept(Handshake handshake) {
			try {
				while (true) {
					Socket connection = this.socket.accept();
					this.connections.incrementAndGet();
					this.threads.execute(() -> serve(connection, handshake));
				}
			}
			catch (IOException ex) {
				// the server socket is closed
			}
		}

		private void serve(Socket connection, Handshake handshake) {
			try (connection) {
				if (handshake != null) {
					handshake.end(connection);
				}
				else {
					connection.getInputStream().transferTo(OutputStream.nullOutputStream());
				}
			}
			catch (IOException ex) {
				// the client closed the connection
			}
		}

		@Override
		public void close() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.threads.shutdownNow();
		}

	}

}
