package io.aki.spring.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * A running application and its clients.
 */
final class WebApplication implements AutoCloseable {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	WebApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	int port() {
		return Integer.parseInt(this.context.getEnvironment().getRequiredProperty("local.server.port"));
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
	}

	/**
	 * Make a POST request and wait for the whole response.
	 */
	HttpResponse<String> post(String path, String... headers) {
		HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.noBody());
		if (headers.length > 0) {
			request.headers(headers);
		}
		return send(request.build(), BodyHandlers.ofString());
	}

	HttpResponse<String> get(String path) {
		return send(request(path).build(), BodyHandlers.ofString());
	}

	/**
	 * Make a POST request. Its response can be read while the server sends it.
	 */
	EventReader open(String path, String... headers) {
		HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.noBody());
		if (headers.length > 0) {
			request.headers(headers);
		}
		return new EventReader(send(request.build(), BodyHandlers.ofInputStream()));
	}

	private static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> bodyHandler) {
		try {
			return CLIENT.send(request, bodyHandler);
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Connect with a small receive buffer, send a POST request, and read nothing.
	 */
	Socket connect(String path) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
		socket.getOutputStream()
			.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * An event as a client sees it.
	 *
	 * @param name the name
	 * @param id the id, if any
	 * @param data the JSON
	 */
	record Event(String name, @Nullable String id, JsonNode data) {

		String text() {
			return this.data.path("text").asString("");
		}

	}

	/**
	 * Reads the events of a response.
	 */
	static final class EventReader implements AutoCloseable {

		private final HttpResponse<InputStream> response;

		private final BufferedReader reader;

		EventReader(HttpResponse<InputStream> response) {
			this.response = response;
			this.reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
		}

		HttpResponse<InputStream> response() {
			return this.response;
		}

		/**
		 * Read until a number of comments has arrived.
		 */
		void awaitComments(int number) throws IOException {
			for (int comments = 0; comments < number;) {
				String line = this.reader.readLine();
				if (line == null) {
					throw new IllegalStateException("The stream has ended");
				}
				comments += line.startsWith(":") ? 1 : 0;
			}
		}

		/**
		 * Return the next event, or {@code null} at the end.
		 */
		@Nullable Event next() throws IOException {
			String name = "";
			String id = null;
			String data = "";
			for (String line = this.reader.readLine(); line != null; line = this.reader.readLine()) {
				if (line.isEmpty() && !data.isEmpty()) {
					return new Event(name, id, JsonMapper.shared().readTree(data));
				}
				else if (!line.isEmpty() && !line.startsWith(":")) {
					String field = line.substring(0, line.indexOf(':'));
					String value = line.substring(field.length() + 1);
					switch (field) {
						case "event" -> name = value;
						case "id" -> id = value;
						case "data" -> data = value;
						default -> throw new IllegalStateException("Not an event: " + line);
					}
				}
			}
			return null;
		}

		List<Event> all() throws IOException {
			List<Event> events = new ArrayList<>();
			for (Event event = next(); event != null; event = next()) {
				events.add(event);
			}
			return events;
		}

		Event until(Predicate<Event> condition) throws IOException {
			for (Event event = next(); event != null; event = next()) {
				if (condition.test(event)) {
					return event;
				}
			}
			throw new IllegalStateException("The stream has ended");
		}

		@Override
		public void close() throws IOException {
			this.reader.close();
		}

	}

}
