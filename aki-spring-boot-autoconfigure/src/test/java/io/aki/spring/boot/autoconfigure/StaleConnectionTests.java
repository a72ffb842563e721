package io.aki.spring.boot.autoconfigure;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.spring.boot.autoconfigure.AkiHttpEngineTests.Engine;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for starts that are sent at the moment when the server closes its idle
 * connections. The server has already closed them, but the client cannot know this yet.
 * To set other times:
 * {@code -DargLine="-Daki.test.keep-alive=PT75S -Daki.test.latency=PT0.02S"}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StaleConnectionTests {

	private static final Duration KEEP_ALIVE = Duration.parse(System.getProperty("aki.test.keep-alive", "PT1S"));

	private static final Duration LATENCY = Duration.parse(System.getProperty("aki.test.latency", "PT0.2S"));

	private static final int CONNECTIONS = 50;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@ParameterizedTest
	@EnumSource(Engine.class)
	void startsThatMeetTheIdleCloseDoNotFail(Engine engine) throws Exception {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(AkiAutoConfiguration.class, SslAutoConfiguration.class));
		if (engine == Engine.JDK) {
			runner = runner.withClassLoader(new FilteredClassLoader("org.apache.hc"));
		}
		try (Server server = new Server(); DelayingProxy proxy = new DelayingProxy(server.socket.getLocalPort())) {
			runner
				.withPropertyValues("aki.io.api-key=k", "aki.io.endpoint=llama3_8b_chat",
						"aki.io.api-server=http://127.0.0.1:" + proxy.socket.getLocalPort())
				.run((context) -> {
					AkiClient client = context.getBean(AkiClient.class);
					List<CompletableFuture<AkiResult>> results = new ArrayList<>();
					for (int i = 0; i < CONNECTIONS; i++) {
						Duration idle = KEEP_ALIVE
							.minus(LATENCY.multipliedBy(2).multipliedBy(i).dividedBy(CONNECTIONS));
						results.add(CompletableFuture.supplyAsync(() -> callTwice(client, idle), this.threads));
					}
					List<String> errors = new ArrayList<>();
					for (CompletableFuture<AkiResult> result : results) {
						AkiResult received = result.get(10, TimeUnit.MINUTES);
						if (!received.success()) {
							errors.add(received.error());
						}
					}
					System.out.println(engine + ", keep-alive " + KEEP_ALIVE + ": " + errors.size() + " of "
							+ CONNECTIONS + " starts failed");
					assertThat(errors).isEmpty();
				});
			assertThat(server.starts.get()).isEqualTo(2 * CONNECTIONS);
		}
		finally {
			this.threads.shutdownNow();
		}
	}

	private static AkiResult callTwice(AkiClient client, Duration idle) {
		client.doApiRequest(Map.of("prompt_input", "x"));
		try {
			TimeUnit.NANOSECONDS.sleep(idle.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return client.doApiRequest(Map.of("prompt_input", "x"));
	}

	/**
	 * A server that closes connections that are idle for the keep-alive timeout. It
	 * answers the first requests only when all of them have arrived, so that each request
	 * has its own connection.
	 */
	private final class Server implements AutoCloseable {

		private static final byte[] RESPONSE = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
				+ LoopbackServer.SUCCESS.length() + "\r\n\r\n" + LoopbackServer.SUCCESS)
			.getBytes(StandardCharsets.US_ASCII);

		private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());

		private final AtomicInteger starts = new AtomicInteger();

		private final CyclicBarrier allConnected = new CyclicBarrier(CONNECTIONS);

		Server() throws IOException {
			StaleConnectionTests.this.threads.execute(() -> accept(this.socket, this::serve));
		}

		private void serve(Socket connection) {
			try (connection) {
				connection.setTcpNoDelay(true);
				InputStream in = new BufferedInputStream(connection.getInputStream());
				while (readRequest(in)) {
					if (this.starts.incrementAndGet() <= CONNECTIONS) {
						this.allConnected.await();
					}
					connection.getOutputStream().write(RESPONSE);
					connection.setSoTimeout((int) KEEP_ALIVE.toMillis());
				}
			}
			catch (Exception ex) {
				// idle for too long, or closed by the client
			}
		}

		private static boolean readRequest(InputStream in) throws IOException {
			StringBuilder head = new StringBuilder();
			while (head.indexOf("\r\n\r\n") < 0) {
				int c = in.read();
				if (c < 0) {
					return false;
				}
				head.append((char) c);
			}
			in.readNBytes(Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1")));
			return true;
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

	/**
	 * Forwards connections with a delay in each direction.
	 */
	private final class DelayingProxy implements AutoCloseable {

		private final ServerSocket socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());

		private final int port;

		DelayingProxy(int port) throws IOException {
			this.port = port;
			StaleConnectionTests.this.threads.execute(() -> accept(this.socket, this::connect));
		}

		private void connect(Socket client) {
			try {
				Socket server = new Socket(InetAddress.getLoopbackAddress(), this.port);
				StaleConnectionTests.this.threads.execute(() -> forward(client, server));
				forward(server, client);
			}
			catch (IOException ex) {
				// the server is closed
			}
		}

		private static void forward(Socket from, Socket to) {
			byte[] bytes = new byte[8192];
			try {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
					Thread.sleep(LATENCY.toMillis());
					out.write(bytes, 0, count);
				}
				Thread.sleep(LATENCY.toMillis());
			}
			catch (IOException | InterruptedException ex) {
				// one side has closed its connection
			}
			close(from);
			close(to);
		}

		private static void close(Socket socket) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// the socket is already closed
			}
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

	private void accept(ServerSocket socket, Consumer<Socket> connection) {
		try {
			while (true) {
				Socket accepted = socket.accept();
				this.threads.execute(() -> connection.accept(accepted));
			}
		}
		catch (IOException ex) {
			// the server socket is closed
		}
	}

}
