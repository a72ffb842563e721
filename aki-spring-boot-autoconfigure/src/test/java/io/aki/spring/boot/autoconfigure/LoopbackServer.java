package io.aki.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.jspecify.annotations.Nullable;

/**
 * A real server that sends the responses that a test defines. It is for responses that
 * the emulator does not send.
 */
final class LoopbackServer implements AutoCloseable {

	static final String SUCCESS = "{\"success\":true,\"job_id\":\"j#1\",\"job_state\":\"done\",\"name\":\"chat\",\"text\":\"hello\"}";

	static final String ENDPOINTS = "{\"success\":true,\"endpoints\":[\"llama3_8b_chat\"]}";

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server;

	private LoopbackServer(HttpServer server, HttpHandler handler) {
		this.server = server;
		server.setExecutor(this.threads);
		server.createContext("/", (exchange) -> {
			try (exchange) {
				String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
				this.requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(),
						exchange.getRequestHeaders(), body, exchange.getRemoteAddress().getPort()));
				handler.handle(exchange);
			}
		});
		server.start();
	}

	static LoopbackServer start(HttpHandler handler) {
		try {
			return new LoopbackServer(HttpServer.create(anyPort(), 0), handler);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static LoopbackServer startEncrypted(SSLContext context, HttpHandler handler) {
		try {
			HttpsServer server = HttpsServer.create(anyPort(), 0);
			server.setHttpsConfigurator(new HttpsConfigurator(context));
			return new LoopbackServer(server, handler);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void answer(HttpExchange exchange, int status, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
		exchange.getResponseBody().write(body);
	}

	private static InetSocketAddress anyPort() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
	}

	String url() {
		String scheme = (this.server instanceof HttpsServer) ? "https" : "http";
		return scheme + "://localhost:" + this.server.getAddress().getPort();
	}

	List<Request> requests() {
		return this.requests;
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	record Request(String method, String path, Headers headers, String body, int clientPort) {

		@Nullable String header(String name) {
			return this.headers.getFirst(name);
		}

	}

}
