package io.aki.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import io.aki.client.http.AkiClientHttpRequestFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests, with every engine, that the client limits the time and the size when it reads or
 * discards a response. The tested bodies are unusable, or do not end.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnusableResponseTests {

	private static final Duration LIMIT = Duration.ofSeconds(1);

	/** Ten times the limit, for machines under load. */
	private static final Duration AT_MOST = Duration.ofSeconds(10);

	/**
	 * The buffers of the two sockets take up to 10 MB of the written bytes. Without a
	 * limit the server would write gigabytes.
	 */
	private static final long MAX_BYTES = 16_000_000;

	private final Server server = new Server();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private AkiClientHttpRequestFactory factory;

	@AfterEach
	void close() throws Exception {
		this.server.close();
		this.threads.shutdownNow();
		this.factory.destroy();
	}

	static Stream<Arguments> responses() {
		return Stream.of(Engine.values())
			.flatMap((engine) -> Stream.of(Kind.values())
				.filter((kind) -> kind.head != null)
				.map((kind) -> Arguments.of(engine, kind)));
	}

	@ParameterizedTest
	@MethodSource("responses")
	void bodyThatDoesNotEndIsAborted(Engine engine, Kind kind) throws Exception {
		this.server.kind = kind;
		AkiClient client = client(engine).build();
		List<CompletableFuture<AkiResult>> calls = new ArrayList<>();
		for (Pace pace : Pace.values()) {
			calls.add(call(client, pace));
			calls.add(call(client, pace));
		}
		for (CompletableFuture<AkiResult> call : calls) {
			assertThat(call.get(AT_MOST.toMillis(), TimeUnit.MILLISECONDS).success()).isFalse();
		}
		this.server.awaitAborted();
		assertThat(this.server.mostBytes).hasValueLessThan(MAX_BYTES);
		this.server.kind = Kind.LARGE;
		assertThat(client.doApiRequest(Map.of()).error()).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void pollsWhoseBodiesDoNotEndDoNotStopTheClient(Engine engine) throws Exception {
		this.server.kind = Kind.HTML;
		int jobs = 24;
		try (AkiClient client = client(engine).concurrency(AkiConcurrency.DEFAULT).build()) {
			List<AkiJob> all = new ArrayList<>();
			for (int i = 0; i < jobs; i++) {
				all.add(client.resume("j#" + Pace.values()[i % Pace.values().length]));
			}
			this.server.awaitRequests(jobs);
			this.server.kind = Kind.DONE;
			for (AkiJob job : all) {
				assertThat(job.result().get(60, TimeUnit.SECONDS).text()).isEqualTo("done");
			}
			this.server.awaitAborted();
			assertThat(this.server.mostBytes).hasValueLessThan(MAX_BYTES);
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectionIsKeptAfterAUsableResponse(Engine engine) throws Exception {
		for (Kind kind : List.of(Kind.LARGE, Kind.LARGE_GZIP, Kind.SMALL_PAGE)) {
			this.server.kind = kind;
			this.server.connections.set(0);
			AkiClient client = client(engine).readTimeout(Duration.ofSeconds(30)).build();
			for (int i = 0; i < 10; i++) {
				client.doApiRequest(Map.of());
			}
			// Jetty and Reactor return a connection to the pool in another thread,
			// possibly after the next call. Spring's factory for the JDK's client closes
			// a
			// compressed body at the end of its data, possibly before the last chunk was
			// received, and the JDK then closes the connection
			boolean anotherThread = engine == Engine.JETTY || engine == Engine.REACTOR
					|| (engine == Engine.SPRING_JDK && kind == Kind.LARGE_GZIP);
			int most = anotherThread ? 9 : 1;
			assertThat(this.server.connections).as(kind.name()).hasValueLessThanOrEqualTo(most);
		}
	}

	static Stream<Arguments> paces() {
		return Stream.of(Engine.values())
			.flatMap((engine) -> Stream.of(Pace.values()).map((pace) -> Arguments.of(engine, pace)));
	}

	@ParameterizedTest
	@MethodSource("paces")
	void limitsHoldWithABufferingBuilder(Engine engine, Pace pace) throws Exception {
		this.server.kind = Kind.JSON;
		this.factory = engine.requestFactory();
		RestClient.Builder builder = RestClient.builder()
			.requestFactory(this.factory)
			.bufferContent((uri, method) -> true);
		AkiClient client = client(builder).build();
		assertThat(call(client, pace).get(AT_MOST.toMillis(), TimeUnit.MILLISECONDS).success()).isFalse();
		this.server.awaitAborted();
		this.server.kind = Kind.LARGE;
		assertThat(client.doApiRequest(Map.of()).error()).isNull();
	}

	/**
	 * Without {@link AkiClientHttpRequestFactory} a single read has no time limit.
	 * Therefore this test does not use {@link Pace#STALL}.
	 */
	@ParameterizedTest
	@EnumSource(names = { "SPRING_JDK", "APACHE", "SIMPLE" })
	void bodyThatDoesNotEndIsAbortedWithARequestFactoryOfTheUser(Engine engine) throws Exception {
		this.factory = Engine.JDK.requestFactory();
		AkiClient client = client(RestClient.builder().requestFactory(engine.springsRequestFactory())).build();
		for (Kind kind : List.of(Kind.HTML, Kind.GATEWAY_PAGE, Kind.REDIRECT, Kind.INVALID_JSON, Kind.JSON)) {
			this.server.kind = kind;
			for (Pace pace : List.of(Pace.FAST, Pace.TRICKLE)) {
				assertThat(call(client, pace).get(AT_MOST.toMillis(), TimeUnit.MILLISECONDS).success()).isFalse();
			}
		}
		this.server.awaitAborted();
		assertThat(this.server.mostBytes).hasValueLessThan(MAX_BYTES);
	}

	private AkiClient.Builder client(Engine engine) {
		this.factory = engine.requestFactory();
		return client(RestClient.builder().requestFactory(this.factory));
	}

	private AkiClient.Builder client(RestClient.Builder builder) {
		return AkiClient.builder()
			.restClientBuilder(builder)
			.apiServer("http://127.0.0.1:" + this.server.socket.getLocalPort())
			.apiKey("test-key")
			.endpoint("e")
			.readTimeout(LIMIT)
			.progressTimeout(LIMIT)
			.progressInterval(Duration.ofMillis(10))
			.maxResponseSize(DataSize.ofKilobytes(500))
			.retry(new AkiRetryPolicy(1, Duration.ofMillis(10), 1, Duration.ofMillis(10)));
	}

	private CompletableFuture<AkiResult> call(AkiClient client, Pace pace) {
		return CompletableFuture.supplyAsync(() -> client.doApiRequest(Map.of("pace", pace.name())), this.threads);
	}

	/** The speed of a body that does not end. */
	enum Pace {

		FAST, TRICKLE, STALL

	}

	/** The responses of the server. */
	enum Kind {

		HTML("200 OK\r\nContent-Type: text/html", "<p>"),
		GATEWAY_PAGE("502 Bad Gateway\r\nContent-Type: text/html", "<p>"),
		HTML_GZIP("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip", "<p>"),
		REDIRECT("302 Found\r\nLocation: https://elsewhere.example/", "x"),
		REDIRECT_GZIP("302 Found\r\nLocation: https://elsewhere.example/\r\nContent-Encoding: gzip", "x"),
		INVALID_JSON("200 OK\r\nContent-Type: application/json", "{oops "),
		BINARY("200 OK\r\nContent-Type: image/png", "\0"),
		JSON("200 OK\r\nContent-Type: application/json", "{\"success\": true, \"text\": \""),
		JSON_GZIP("200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip",
				"{\"success\": true, \"text\": \""),
		DONE(null,
				"{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"success\": true, \"text\": \"done\"}}"),
		LARGE(null, "{\"success\": true, \"text\": \"" + "x".repeat(100_000) + "\"}"), LARGE_GZIP(null, LARGE.body),
		SMALL_PAGE(null, "<p>" + "x".repeat(5000) + "</p>");

		private final String head;

		private final String body;

		Kind(String head, String body) {
			this.head = head;
			this.body = body;
		}

	}

	private static final class Server implements AutoCloseable {

		private final ServerSocket socket;

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final Set<Socket> open = ConcurrentHashMap.newKeySet();

		private final AtomicInteger connections = new AtomicInteger();

		private final AtomicInteger requests = new AtomicInteger();

		private final AtomicInteger endless = new AtomicInteger();

		private final AtomicLong mostBytes = new AtomicLong();

		private volatile Kind kind = Kind.DONE;

		Server() {
			try {
				this.socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.threads.execute(() -> {
				try {
					while (true) {
						Socket connection = this.socket.accept();
						connection.setTcpNoDelay(true);
						connection.setSendBufferSize(65_536);
						this.open.add(connection);
						this.connections.incrementAndGet();
						this.threads.execute(() -> serve(connection));
					}
				}
				catch (IOException ex) {
					// closed
				}
			});
		}

		void awaitRequests(int count) {
			await(() -> this.requests.get() >= count);
		}

		/**
		 * Wait until the client has closed all connections with bodies that do not end.
		 */
		void awaitAborted() {
			await(() -> this.endless.get() == 0);
		}

		private static void await(BooleanSupplier condition) {
			long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
			while (!condition.getAsBoolean()) {
				assertThat(System.nanoTime()).isLessThan(deadline);
				LockSupport.parkNanos(5_000_000);
			}
		}

		private void serve(Socket connection) {
			try (connection) {
				InputStream in = new BufferedInputStream(connection.getInputStream());
				OutputStream out = connection.getOutputStream();
				String next;
				while ((next = read(in)) != null) {
					String request = next;
					Kind kind = this.kind;
					this.requests.incrementAndGet();
					if (kind.head == null) {
						byte[] body = kind.body.getBytes(StandardCharsets.US_ASCII);
						write(out, (kind == Kind.LARGE_GZIP) ? "Content-Encoding: gzip\r\n" : "",
								(kind == Kind.LARGE_GZIP) ? compressed(body) : body);
					}
					else {
						Pace pace = Stream.of(Pace.values())
							.filter((candidate) -> request.contains(candidate.name()))
							.findFirst()
							.orElseThrow();
						writeWithoutEnd(connection, kind, pace);
						return;
					}
				}
			}
			catch (IOException ex) {
				// the client closed the connection
			}
			finally {
				this.open.remove(connection);
			}
		}

		private static byte[] compressed(byte[] body) throws IOException {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			try (OutputStream gzip = new GZIPOutputStream(bytes)) {
				gzip.write(body);
			}
			return bytes.toByteArray();
		}

		/**
		 * Write the body in chunks, so that its end does not depend on a content length.
		 */
		private static void write(OutputStream out, String headers, byte[] body) throws IOException {
			out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + headers
					+ "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length) + "\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			out.write(body);
			out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		}

		private void writeWithoutEnd(Socket connection, Kind kind, Pace pace) throws IOException {
			this.endless.incrementAndGet();
			boolean chunked = kind.ordinal() % 2 == 1;
			OutputStream counted = new OutputStream() {

				private final OutputStream out = connection.getOutputStream();

				private long count;

				@Override
				public void write(int b) throws IOException {
					write(new byte[] { (byte) b }, 0, 1);
				}

				@Override
				public void write(byte[] bytes, int offset, int length) throws IOException {
					if (chunked) {
						this.out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
					}
					this.out.write(bytes, offset, length);
					if (chunked) {
						this.out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
					}
					this.count += length;
					Server.this.mostBytes.accumulateAndGet(this.count, Math::max);
				}

			};
			try {
				connection.getOutputStream()
					.write(("HTTP/1.1 " + kind.head
							+ (chunked ? "\r\nTransfer-Encoding: chunked" : "\r\nContent-Length: 1000000000000")
							+ "\r\n\r\n")
						.getBytes(StandardCharsets.US_ASCII));
				OutputStream out = kind.name().endsWith("GZIP") ? new GZIPOutputStream(counted, 512, true) : counted;
				out.write(kind.body.getBytes(StandardCharsets.US_ASCII));
				out.flush();
				byte[] more = new byte[(pace == Pace.FAST) ? 16_384 : 1];
				new Random(1).nextBytes(more);
				for (int i = 0; i < more.length; i++) {
					more[i] = (byte) ('a' + (more[i] & 0xf));
				}
				if (pace == Pace.STALL) {
					connection.getInputStream().read();
					return;
				}
				while (true) {
					out.write(more);
					out.flush();
					if (pace == Pace.TRICKLE) {
						LockSupport.parkNanos(20_000_000);
					}
				}
			}
			finally {
				this.endless.decrementAndGet();
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
			String lowerCase = head.toString().toLowerCase(Locale.ROOT);
			if (lowerCase.contains("transfer-encoding: chunked")) {
				StringBuilder body = new StringBuilder();
				while (body.indexOf("\r\n0\r\n\r\n") < 0) {
					int c = in.read();
					if (c < 0) {
						return null;
					}
					body.append((char) c);
				}
				return head.append(body).toString();
			}
			int length = Integer.parseInt(lowerCase.replaceAll("(?s).*content-length: (\\d+).*", "$1"));
			byte[] body = in.readNBytes(length);
			return (body.length == length) ? head + new String(body, StandardCharsets.US_ASCII) : null;
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
			for (Socket connection : this.open) {
				connection.close();
			}
			this.threads.shutdownNow();
		}

	}

}
