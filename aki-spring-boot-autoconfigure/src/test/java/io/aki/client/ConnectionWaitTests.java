package io.aki.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.aki.client.http.AkiClientHttpRequestFactory;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.eclipse.jetty.client.HttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the time limit of an exchange includes the wait for a connection and the
 * time to send the request. Nothing is sent after the time limit.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionWaitTests {

	private static final Duration LIMIT = Duration.ofSeconds(1);

	private static final Duration AT_MOST = Duration.ofSeconds(15);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private ServerSocket server;

	private AkiClientHttpRequestFactory factory;

	@AfterEach
	void close() throws Exception {
		this.server.close();
		for (Socket connection : this.connections) {
			connection.close();
		}
		this.threads.shutdownNow();
		this.factory.destroy();
	}

	/**
	 * The JDK's engine and {@code HttpURLConnection} are not tested here, because they
	 * open as many connections as they need.
	 */
	@ParameterizedTest
	@EnumSource(names = { "APACHE", "JETTY", "REACTOR" })
	void startThatWaitsForAConnectionOfThePoolEndsAtItsLimit(Engine engine) throws Exception {
		CountDownLatch arrived = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		serve((connection, request) -> {
			this.requests.add(request);
			if (request.contains("slow")) {
				arrived.countDown();
				await(released);
			}
			answer(connection);
		});
		this.factory = poolOfOne(engine);
		try (AkiClient client = client("http").readTimeout(Duration.ofSeconds(60)).build();
				AkiClient hasty = client.mutate().readTimeout(LIMIT).build()) {
			CompletableFuture<AkiResult> slow = CompletableFuture
				.supplyAsync(() -> client.doApiRequest(Map.of("prompt_input", "slow")), this.threads);
			arrived.await();
			AkiResult result = call(hasty, "hasty");
			if (engine == Engine.APACHE) {
				assertNothingWasSent(result);
			}
			else {
				assertThat(result.success()).isFalse();
			}
			released.countDown();
			assertThat(slow.get(30, TimeUnit.SECONDS).error()).isNull();
			assertThat(client.doApiRequest(Map.of("prompt_input", "next")).error()).isNull();
			assertThat(this.requests).hasSize(2).noneMatch((request) -> request.contains("hasty"));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "JDK", "SPRING_JDK", "APACHE", "SIMPLE", "JETTY" })
	void connectingEndsAtTheLimit(Engine engine) throws Exception {
		this.server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		fillBacklog();
		this.factory = engine.requestFactory();
		try (AkiClient client = client("http").readTimeout(LIMIT).build()) {
			AkiResult result = call(client, "x");
			if (engine != Engine.JETTY) {
				assertNothingWasSent(result);
			}
		}
	}

	private void fillBacklog() throws IOException {
		List<Socket> waiting = new ArrayList<>();
		try {
			while (waiting.size() < 100) {
				Socket socket = new Socket();
				waiting.add(socket);
				socket.connect(new InetSocketAddress(this.server.getInetAddress(), this.server.getLocalPort()), 500);
			}
		}
		catch (SocketTimeoutException ex) {
			// the backlog is full
		}
		this.connections.addAll(waiting);
		assertThat(waiting).hasSizeLessThan(100);
	}

	@ParameterizedTest
	@EnumSource(names = { "JDK", "SPRING_JDK", "APACHE", "SIMPLE" })
	void handshakeEndsAtTheLimit(Engine engine) throws Exception {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.factory = engine.requestFactory();
		try (AkiClient client = client("https").readTimeout(LIMIT).build()) {
			assertNothingWasSent(call(client, "x"));
		}
	}

	/** A write to a socket has no timeout. */
	@ParameterizedTest
	@EnumSource(names = { "JDK", "SPRING_JDK", "APACHE", "JETTY" })
	void sendingEndsAtTheLimit(Engine engine) throws Exception {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.factory = engine.requestFactory();
		try (AkiClient client = client("http").readTimeout(LIMIT).build()) {
			AkiResult result = call(client, "x".repeat(20_000_000));
			assertThat(result.error()).startsWith("No complete response within 1.0 s").contains("may have started");
		}
	}

	/** Each read is fast, but the headers of the response do not end. */
	@ParameterizedTest
	@EnumSource(names = { "JDK", "SPRING_JDK", "APACHE", "JETTY" })
	void headThatTricklesEndsAtTheLimit(Engine engine) throws Exception {
		serve((connection, request) -> {
			connection.getOutputStream().write("HTTP/1.1 200 OK\r\nX-Head: ".getBytes(StandardCharsets.US_ASCII));
			while (true) {
				connection.getOutputStream().write('x');
				LockSupport.parkNanos(20_000_000);
			}
		});
		this.factory = engine.requestFactory();
		try (AkiClient client = client("http").readTimeout(LIMIT).build()) {
			assertThat(call(client, "x").error()).startsWith("No complete response within 1.0 s");
		}
	}

	private AkiResult call(AkiClient client, String prompt) throws Exception {
		return CompletableFuture.supplyAsync(() -> client.doApiRequest(Map.of("prompt_input", prompt)), this.threads)
			.get(AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static void assertNothingWasSent(AkiResult result) {
		assertThat(result.error()).isEqualTo("No connection was available within 1.0 s, so the request was not sent");
		assertThatExceptionOfType(AkiTimeoutException.class).isThrownBy(result::orThrow);
	}

	private AkiClient.Builder client(String scheme) {
		return AkiClient.builder()
			.restClientBuilder(RestClient.builder().requestFactory(this.factory))
			.apiServer(scheme + "://127.0.0.1:" + this.server.getLocalPort())
			.apiKey("test-key")
			.endpoint("e")
			.retry(new AkiRetryPolicy(3, Duration.ofMillis(1), 1, Duration.ofMillis(1)));
	}

	private static AkiClientHttpRequestFactory poolOfOne(Engine engine) {
		return new AkiClientHttpRequestFactory(switch (engine) {
			case APACHE -> new HttpComponentsClientHttpRequestFactory(HttpClients.custom()
				.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
					.setMaxConnTotal(1)
					.setMaxConnPerRoute(1)
					.build())
				.build());
			case JETTY -> {
				HttpClient client = new HttpClient();
				client.setMaxConnectionsPerDestination(1);
				yield new JettyClientHttpRequestFactory(client);
			}
			case REACTOR -> new ReactorClientHttpRequestFactory(
					reactor.netty.http.client.HttpClient.create(ConnectionProvider.builder("one")
						.maxConnections(1)
						.pendingAcquireTimeout(Duration.ofSeconds(2))
						.build()));
			default -> throw new IllegalArgumentException(engine.name());
		});
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void answer(Socket connection) throws IOException {
		String json = "{\"success\": true, \"text\": \"x\"}";
		connection.getOutputStream()
			.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n"
					+ json)
				.getBytes(StandardCharsets.US_ASCII));
	}

	private void serve(Answer answer) throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.threads.execute(() -> {
			try {
				while (true) {
					Socket connection = this.server.accept();
					this.connections.add(connection);
					this.threads.execute(() -> serve(connection, answer));
				}
			}
			catch (IOException ex) {
				// the server socket is closed
			}
		});
	}

	private static void serve(Socket connection, Answer answer) {
		try (connection) {
			InputStream in = new BufferedInputStream(connection.getInputStream());
			for (String request = read(in); request != null; request = read(in)) {
				answer.write(connection, request);
			}
		}
		catch (IOException ex) {
			// the client closed the connection
		}
	}

	private static String read(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int c = in.read();
			if (c < 0) {
				return null;
			}
			head.append((char) c);
		}
		int length = Integer
			.parseInt(head.toString().toLowerCase(Locale.ROOT).replaceAll("(?s).*content-length: (\\d+).*", "$1"));
		byte[] body = in.readNBytes(length);
		return (body.length == length) ? head + new String(body, StandardCharsets.US_ASCII) : null;
	}

	@FunctionalInterface
	private interface Answer {

		void write(Socket connection, String request) throws IOException;

	}

}
