package io.aki.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdkConnectionPool} with a clock that the test advances.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JdkConnectionPoolTests {

	private static final String START = "/api/call/llama3_8b_chat";

	private static final String POLL = "/api/progress/llama3_8b_chat";

	private final AtomicLong clock = new AtomicLong(System.nanoTime());

	private final List<HttpClient> engines = new ArrayList<>();

	private final JdkHttpRequestFactory factory = new JdkHttpRequestFactory(this::engine, Duration.ofMillis(500),
			this.clock::get, () -> true);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private LoopbackHttpServer server;

	private HttpClient engine() {
		HttpClient engine = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.executor(AkiClientHttpRequestFactory.JDK_EXECUTOR)
			.build();
		this.engines.add(engine);
		return engine;
	}

	@AfterEach
	void close() {
		this.factory.destroy();
		this.threads.shutdownNow();
		this.server.close();
	}

	@Test
	void connectionThatWasIdleForLessThanTheLimitIsUsedAgain() throws Exception {
		this.server = new LoopbackHttpServer((exchange) -> 200);
		send(POLL);
		advance(Duration.ofSeconds(30));
		send(POLL);
		advance(Duration.ofMillis(500));
		send(START);
		assertThat(this.server.connections()).isEqualTo(1);
	}

	@Test
	void connectionThatWasIdleForLongIsNotUsedAgain() throws Exception {
		this.server = new LoopbackHttpServer((exchange) -> 200);
		send(POLL);
		advance(Duration.ofSeconds(31));
		send(POLL);
		assertThat(this.server.connections()).isEqualTo(2);
	}

	@Test
	void startUsesAConnectionOnlyThatWasUsedAMomentAgo() throws Exception {
		this.server = new LoopbackHttpServer((exchange) -> 200);
		send(POLL);
		advance(Duration.ofMillis(501));
		send(START);
		assertThat(this.server.connections()).isEqualTo(2);
	}

	/**
	 * The engine uses the connection that has been idle for the longest time, although
	 * the other connection was used recently.
	 */
	@Test
	void startDoesNotUseTheOldestOfTwoConnections() throws Exception {
		CyclicBarrier both = new CyclicBarrier(2);
		this.server = new LoopbackHttpServer((exchange) -> {
			both.await(60, TimeUnit.SECONDS);
			return 200;
		});
		CompletableFuture<?> other = CompletableFuture.runAsync(() -> send(POLL), this.threads);
		send(POLL);
		other.join();
		assertThat(this.server.connections()).isEqualTo(2);
		this.server.answer((exchange) -> 200);
		advance(Duration.ofSeconds(1));
		send(POLL);
		send(START);
		assertThat(this.server.connections()).isEqualTo(3);
	}

	@Test
	void connectionsThatAreNoLongerNeededAreClosed() throws Exception {
		int many = 40;
		CyclicBarrier all = new CyclicBarrier(many);
		this.server = new LoopbackHttpServer((exchange) -> {
			all.await(60, TimeUnit.SECONDS);
			return 200;
		});
		CompletableFuture
			.allOf(IntStream.range(0, many)
				.mapToObj((i) -> CompletableFuture.runAsync(() -> send(POLL), this.threads))
				.toArray(CompletableFuture[]::new))
			.join();
		this.server.answer((exchange) -> 200);
		for (int i = 0; i < 10; i++) {
			advance(Duration.ofMillis(500));
			send(POLL);
		}
		assertThat(this.server.connections()).isEqualTo(many + 1);
		assertThat(this.engines).hasSize(2);
		awaitEnd(this.engines.subList(0, 1));
	}

	@Test
	void connectionsThatAreNeededAgainAreKept() throws Exception {
		int many = 40;
		this.server = new LoopbackHttpServer((exchange) -> 200);
		for (int i = 0; i < 10; i++) {
			CyclicBarrier all = new CyclicBarrier(many);
			this.server.answer((exchange) -> {
				all.await(60, TimeUnit.SECONDS);
				return 200;
			});
			CompletableFuture
				.allOf(IntStream.range(0, many)
					.mapToObj((n) -> CompletableFuture.runAsync(() -> send(POLL), this.threads))
					.toArray(CompletableFuture[]::new))
				.join();
			advance(Duration.ofMillis(500));
		}
		assertThat(this.server.connections()).isEqualTo(many);
	}

	@Test
	void connectionIsNotUsedAgainAfterAResponseWithoutBody() throws Exception {
		this.server = new LoopbackHttpServer((exchange) -> 204);
		send(START);
		send(START);
		assertThat(this.server.connections()).isEqualTo(2);
	}

	@Test
	void replacedEngineEndsAfterItsLastExchange() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		CountDownLatch arrived = new CountDownLatch(1);
		this.server = new LoopbackHttpServer((exchange) -> {
			arrived.countDown();
			released.await();
			return 200;
		});
		CompletableFuture<?> slow = CompletableFuture.runAsync(() -> send(START), this.threads);
		arrived.await();
		this.server.answer((exchange) -> 200);
		send(POLL);
		advance(Duration.ofSeconds(31));
		send(POLL);
		assertThat(this.engines).hasSize(2);
		assertThat(slow).isNotDone();
		released.countDown();
		slow.get(60, TimeUnit.SECONDS);
		awaitEnd(this.engines.subList(0, 1));
		send(POLL);
		assertThat(this.engines).hasSize(2);
	}

	@Test
	void closedEngineEndsAfterItsLastExchange() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		CountDownLatch arrived = new CountDownLatch(1);
		this.server = new LoopbackHttpServer((exchange) -> {
			arrived.countDown();
			released.await();
			return 200;
		});
		CompletableFuture<?> call = CompletableFuture.runAsync(() -> send(START), this.threads);
		arrived.await();
		this.factory.destroy();
		released.countDown();
		call.get(60, TimeUnit.SECONDS);
		awaitEnd(this.engines);
	}

	@Test
	void closedEnginesLeaveNoThread() throws Exception {
		this.server = new LoopbackHttpServer((exchange) -> 200);
		for (int i = 0; i < 200; i++) {
			JdkHttpRequestFactory other = new JdkHttpRequestFactory(this::engine, () -> true);
			send(other, START);
			other.destroy();
		}
		awaitEnd(this.engines);
	}

	/**
	 * Wait until the threads of engines have ended. The garbage collector cannot end
	 * them, because the test refers to the engines.
	 */
	private static void awaitEnd(List<HttpClient> engines) throws InterruptedException {
		Set<String> names = engines.stream()
			.map((engine) -> "HttpClient-" + engine.toString().replaceFirst(".*\\((\\d+)\\)$", "$1")
					+ "-SelectorManager")
			.collect(Collectors.toSet());
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (names.contains(thread.getName())) {
				thread.join(60_000);
				assertThat(thread.isAlive()).isFalse();
			}
		}
	}

	private void advance(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	private void send(String path) {
		send(this.factory, path);
	}

	private void send(JdkHttpRequestFactory factory, String path) {
		try {
			ClientHttpRequest request = factory.createRequest(URI.create(this.server.url() + path), HttpMethod.POST);
			((StreamingHttpOutputMessage) request).setBody("{}".getBytes(StandardCharsets.UTF_8));
			try (ClientHttpResponse response = request.execute(); InputStream body = response.getBody()) {
				body.readAllBytes();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A server that counts its connections by the ports of its clients.
	 */
	private static final class LoopbackHttpServer implements AutoCloseable {

		private final ExecutorService threads = Executors.newCachedThreadPool();

		private final HttpServer server;

		private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

		private volatile Answer answer;

		LoopbackHttpServer(Answer answer) throws IOException {
			this.answer = answer;
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			this.server.setExecutor(this.threads);
			this.server.createContext("/", this::handle);
			this.server.start();
		}

		String url() {
			return "http://127.0.0.1:" + this.server.getAddress().getPort();
		}

		int connections() {
			return this.ports.size();
		}

		void answer(Answer answer) {
			this.answer = answer;
		}

		private void handle(HttpExchange exchange) throws IOException {
			try (exchange) {
				this.ports.add(exchange.getRemoteAddress().getPort());
				exchange.getRequestBody().readAllBytes();
				int status = this.answer.status(exchange);
				exchange.sendResponseHeaders(status, (status == 204) ? -1 : 2);
				if (status != 204) {
					exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
				}
			}
			catch (IOException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IOException(ex);
			}
		}

		@Override
		public void close() {
			this.server.stop(0);
			this.threads.shutdownNow();
		}

		@FunctionalInterface
		interface Answer {

			int status(HttpExchange exchange) throws Exception;

		}

	}

}
