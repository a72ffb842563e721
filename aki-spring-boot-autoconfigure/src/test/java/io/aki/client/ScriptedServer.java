package io.aki.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server on a free loopback port. It sends the responses that a test defines, in order.
 * The last response is repeated.
 */
final class ScriptedServer implements AutoCloseable {

	static final JsonMapper JSON = JsonMapper.shared();

	private final HttpServer server;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	static {
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final Queue<Function<Request, Reply>> script = new ConcurrentLinkedQueue<>();

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	ScriptedServer() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::answer);
		this.server.setExecutor(this.threads);
		this.server.start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	ScriptedServer json(String body) {
		return reply(Reply.json(200, body));
	}

	ScriptedServer reply(int status, String body) {
		return reply(Reply.json(status, body));
	}

	ScriptedServer reply(Reply reply) {
		return on((request) -> reply);
	}

	ScriptedServer on(Function<Request, Reply> reply) {
		this.script.add(reply);
		return this;
	}

	List<Request> requests() {
		return this.requests;
	}

	AkiClient.Builder client() {
		return AkiClient.builder()
			.apiServer(url())
			.apiKey("test-key")
			.endpoint("llama3_8b_chat")
			.progressInterval(java.time.Duration.ofMillis(2));
	}

	private synchronized Function<Request, Reply> next() {
		return (this.script.size() > 1) ? this.script.remove() : this.script.element();
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			Request request = new Request(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(),
					exchange.getRequestURI().getQuery(), body);
			this.requests.add(request);
			Reply reply = next().apply(request);
			reply.headers().forEach(exchange.getResponseHeaders()::add);
			byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(reply.status(), (bytes.length > 0) ? bytes.length : -1);
			if (bytes.length > 0) {
				exchange.getResponseBody().write(bytes);
			}
		}
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	record Request(String method, String path, String query, String body) {

		Map<String, Object> json() {
			return JSON.readValue(this.body, new TypeReference<Map<String, Object>>() {
			});
		}

	}

	record Reply(int status, Map<String, String> headers, String body) {

		static Reply json(int status, String body) {
			return new Reply(status, Map.of("Content-Type", "application/json"), body);
		}

		static Reply of(int status, String contentType, String body) {
			return new Reply(status, Map.of("Content-Type", contentType), body);
		}

		Reply with(String header, String value) {
			Map<String, String> headers = new java.util.LinkedHashMap<>(this.headers);
			headers.put(header, value);
			return new Reply(this.status, headers, this.body);
		}

	}

}
