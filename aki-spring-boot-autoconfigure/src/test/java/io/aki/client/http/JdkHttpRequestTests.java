package io.aki.client.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link JdkHttpRequest} and the body of its response, over real sockets.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JdkHttpRequestTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final Duration SHORT = Duration.ofMillis(200);

	private final AkiClientHttpRequestFactory factory = JdkHttpEngine.create(LONG, null);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicReference<String> head = new AtomicReference<>();

	private final CountDownLatch brokenOff = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	private ServerSocket server;

	@BeforeEach
	void open() throws IOException {
		this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
	}

	@AfterEach
	void close() throws Exception {
		this.released.countDown();
		this.server.close();
		this.factory.destroy();
		this.threads.shutdownNow();
	}

	@Test
	void bytesGoOutAndComeBackOverOneConnection() throws Exception {
		serve((body, out) -> answer(out, "", body));
		byte[] large = new byte[3_000_000];
		Arrays.fill(large, (byte) 'x');
		assertThat(post(large)).isEqualTo(large);
		assertThat(post("again".getBytes(StandardCharsets.UTF_8))).asString().isEqualTo("again");
		assertThat(this.connections).hasValue(1);
		assertThat(this.head.get()).contains("POST /path HTTP/1.1", "Content-Length: 5").doesNotContain("Upgrade");
	}

	@Test
	void smallAnswerThatIsNotReadIsDiscardedForTheNextRequest() throws Exception {
		serve((body, out) -> answer(out, "", new byte[50_000]));
		for (int i = 0; i < 3; i++) {
			request(new byte[10]).execute().close();
		}
		assertThat(this.connections).hasValue(1);
	}

	@Test
	void largeAnswerThatIsNotReadIsBrokenOff() throws Exception {
		serve((body, out) -> answer(out, "", new byte[50_000_000]));
		request(new byte[10]).execute().close();
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void answerThatIsNotReadAndStallsIsBrokenOff() throws Exception {
		serve(this::stall);
		request(new byte[10]).execute().close();
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void compressedAnswerIsUnpacked() throws Exception {
		byte[] packed = compressed("unpacked".getBytes(StandardCharsets.UTF_8));
		serve((body, out) -> answer(out, "Content-Encoding: gzip\r\n", packed));
		try (ClientHttpResponse response = execute(new byte[1])) {
			assertThat(response.getBody().readAllBytes()).asString().isEqualTo("unpacked");
			assertThat(response.getHeaders().headerNames()).doesNotContain("Content-Encoding", "Content-Length");
		}
		assertThat(this.head.get()).contains("Accept-Encoding: gzip");
	}

	@Test
	void answerThatDoesNotBeginEndsAtTheDeadline() throws Exception {
		serve((body, out) -> await(this.released));
		try (LimitedExchange exchange = LimitedExchange.begin(limits(SHORT))) {
			assertThatExceptionOfType(HttpTimeoutException.class).isThrownBy(() -> post(new byte[1]));
			assertThat(exchange.isOver()).isTrue();
			assertThat(exchange.isUnsent()).isFalse();
		}
	}

	@Test
	void answerThatStallsEndsAtTheDeadline() throws Exception {
		serve(this::stall);
		try (LimitedExchange exchange = LimitedExchange.begin(limits(SHORT))) {
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> post(new byte[1]));
			assertThat(exchange.isOver()).isTrue();
		}
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * The server sends empty blocks without end. The reader gets no byte, but it never
	 * waits for one.
	 */
	@Test
	void compressedAnswerWithoutContentEndsAtTheDeadline() throws Exception {
		byte[] blocks = new byte[5000];
		for (int i = 0; i < blocks.length; i += 5) {
			blocks[i + 3] = (byte) 0xff;
			blocks[i + 4] = (byte) 0xff;
		}
		serve((body, out) -> {
			out.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			out.write(compressed(new byte[0]), 0, 10);
			while (true) {
				out.write(blocks);
			}
		});
		try (LimitedExchange exchange = LimitedExchange.begin(limits(Duration.ofSeconds(1)))) {
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> post(new byte[1]));
			assertThat(exchange.isOver()).isTrue();
		}
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void closingACompressedAnswerFreesItsInflater() throws Exception {
		byte[] packed = compressed("unpacked".getBytes(StandardCharsets.UTF_8));
		serve((body, out) -> answer(out, "Content-Encoding: gzip\r\n", packed));
		for (int i = 0; i < 3; i++) {
			ClientHttpResponse response = execute(new byte[1]);
			InputStream body = response.getBody();
			assertThat(body.readAllBytes()).asString().isEqualTo("unpacked");
			response.close();
			assertThatExceptionOfType(IOException.class).isThrownBy(body::read).withMessage("Stream closed");
		}
		assertThat(this.connections).hasValue(1);
	}

	private static byte[] compressed(byte[] content) throws IOException {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (OutputStream gzip = new GZIPOutputStream(packed)) {
			gzip.write(content);
		}
		return packed.toByteArray();
	}

	private static ExchangeLimits limits(Duration timeout) {
		return new ExchangeLimits(timeout, Long.MAX_VALUE);
	}

	@Test
	void interruptEndsAWaitForTheAnswer() throws Exception {
		CountDownLatch arrived = new CountDownLatch(1);
		serve((body, out) -> {
			arrived.countDown();
			await(this.released);
		});
		assertInterruptible(arrived);
	}

	@Test
	void interruptEndsAWaitForTheRestOfABody() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		serve((body, out) -> {
			reading.countDown();
			stall(body, out);
		});
		assertInterruptible(reading);
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
	}

	/**
	 * The engine has already delivered the response, but the caller does not receive it.
	 */
	@Test
	void interruptThatComesWithTheAnswerBreaksItOff() throws Exception {
		serve(this::stall);
		HttpClient real = HttpClient.newHttpClient();
		HttpClient engine = mock(HttpClient.class);
		given(engine.send(any(), any())).willAnswer((call) -> {
			real.sendAsync(call.getArgument(0), call.<HttpResponse.BodyHandler<?>>getArgument(1)).join();
			throw new InterruptedException();
		});
		ClientHttpRequest request = new JdkHttpRequest(new JdkConnectionPool(() -> engine, System::nanoTime), uri(),
				HttpMethod.POST, LONG.toNanos(), true);
		((StreamingHttpOutputMessage) request).setBody(new RequestBody(new byte[1]));
		assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(request::execute);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void answerThatNoOneWaitsForIsBrokenOffWhenItBegins() throws Exception {
		serve(this::stall);
		JdkResponseBodyHandler answer = new JdkResponseBodyHandler(null);
		answer.abandon();
		HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri()).POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1])).build(),
					answer);
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
	}

	private void assertInterruptible(CountDownLatch moment) throws Exception {
		AtomicReference<Throwable> failure = new AtomicReference<>();
		AtomicReference<Boolean> flag = new AtomicReference<>();
		Thread thread = new Thread(() -> {
			try {
				post(new byte[1]);
			}
			catch (Throwable ex) {
				failure.set(ex);
			}
			flag.set(Thread.currentThread().isInterrupted());
		});
		thread.start();
		moment.await();
		while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
			Thread.onSpinWait();
		}
		thread.interrupt();
		thread.join(30_000);
		assertThat(thread.isAlive()).isFalse();
		assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
		assertThat(flag.get()).isTrue();
	}

	@Test
	void closingTheBodyBreaksItOff() throws Exception {
		serve(this::stall);
		ClientHttpResponse response = request(new byte[1]).execute();
		response.getBody().close();
		assertThat(this.brokenOff.await(30, TimeUnit.SECONDS)).isTrue();
		response.close();
	}

	@Test
	void connectionThatIsCutFailsTheBody() throws Exception {
		serve((body, out) -> {
			out.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
			throw new IOException("cut");
		});
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(new byte[1]));
	}

	/**
	 * The engine has one thread for all exchanges. 50 large responses that nobody reads
	 * must not block other exchanges.
	 */
	@Test
	void answersThatAreNotReadDoNotHoldUpOthers() throws Exception {
		byte[] large = new byte[2_000_000];
		serve((body, out) -> answer(out, "", (body.length == 1) ? large : body));
		List<ClientHttpResponse> unread = IntStream.range(0, 50).mapToObj((i) -> execute(new byte[1])).toList();
		for (int i = 0; i < 20; i++) {
			assertThat(post("quick".getBytes(StandardCharsets.UTF_8))).asString().isEqualTo("quick");
		}
		List<CompletableFuture<Integer>> read = unread.stream()
			.map((response) -> CompletableFuture.supplyAsync(() -> length(response), this.threads))
			.toList();
		assertThat(read).allSatisfy((length) -> assertThat(length.get(30, TimeUnit.SECONDS)).isEqualTo(large.length));
	}

	@Test
	void closedEngineRefusesRequests() throws Exception {
		serve((body, out) -> answer(out, "", body));
		post(new byte[1]);
		this.factory.destroy();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(new byte[1]))
			.withMessageContaining("closed");
	}

	private ClientHttpResponse execute(byte[] body) {
		try {
			return request(body).execute();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static int length(ClientHttpResponse response) {
		try (response) {
			return response.getBody().readAllBytes().length;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private byte[] post(byte[] body) throws IOException {
		try (ClientHttpResponse response = request(body).execute()) {
			return response.getBody().readAllBytes();
		}
	}

	private ClientHttpRequest request(byte[] body) throws IOException {
		ClientHttpRequest request = this.factory.createRequest(uri(), HttpMethod.POST);
		((StreamingHttpOutputMessage) request).setBody(new RequestBody(body));
		return request;
	}

	private URI uri() {
		return URI.create("http://127.0.0.1:" + this.server.getLocalPort() + "/path");
	}

	private void stall(byte[] body, OutputStream out) throws IOException {
		out.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
		out.flush();
		await(this.released);
		out.write("rest".getBytes(StandardCharsets.US_ASCII));
	}

	private static void answer(OutputStream out, String headers, byte[] body) throws IOException {
		out.write(("HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		out.write(body);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void serve(Answer answer) {
		this.threads.execute(() -> {
			try {
				while (true) {
					Socket socket = this.server.accept();
					this.connections.incrementAndGet();
					this.threads.execute(() -> serve(socket, answer));
				}
			}
			catch (IOException ex) {
				// the server socket is closed
			}
		});
	}

	private void serve(Socket socket, Answer answer) {
		try (socket) {
			InputStream in = new BufferedInputStream(socket.getInputStream());
			for (byte[] body = read(in); body != null; body = read(in)) {
				byte[] request = body;
				CompletableFuture<?> answering = CompletableFuture.runAsync(() -> write(socket, answer, request),
						this.threads);
				in.mark(1);
				if (in.read() < 0) {
					this.brokenOff.countDown();
					return;
				}
				in.reset();
				answering.join();
			}
		}
		catch (IOException ex) {
			this.brokenOff.countDown();
		}
	}

	private static void write(Socket socket, Answer answer, byte[] body) {
		try {
			answer.write(body, socket.getOutputStream());
		}
		catch (IOException ex) {
			close(socket);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// the socket is already closed
		}
	}

	private byte[] read(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int c = in.read();
			if (c < 0) {
				return null;
			}
			head.append((char) c);
		}
		this.head.set(head.toString());
		String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
		return in.readNBytes(Integer.parseInt(length));
	}

	@FunctionalInterface
	interface Answer {

		void write(byte[] body, OutputStream out) throws IOException;

	}

}
