package io.aki.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls the sample over HTTP. Each instance is a browser session of its own. Requests
 * that change something have a CSRF token.
 */
public final class SampleClient {

	private final HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

	private final String base;

	private JsonNode csrf;

	private final String user;

	private String idempotencyKey;

	public SampleClient(int port) {
		this(port, "local");
	}

	/**
	 * Create a client that sends the name of its user, see {@link TestUsers}.
	 */
	public SampleClient(int port, String user) {
		this.base = "http://127.0.0.1:" + port;
		this.user = user;
	}

	/**
	 * Send this key with all requests.
	 * @param key the key, or {@code null} for none
	 */
	void idempotencyKey(String key) {
		this.idempotencyKey = key;
	}

	public HttpResponse<String> get(String path, String... parameters) {
		return send(request(path, parameters));
	}

	public HttpResponse<String> post(String path, String... parameters) {
		return send(withToken(request(path, parameters)).POST(BodyPublishers.noBody()));
	}

	/**
	 * Send a form without the header of the CSRF token.
	 */
	public HttpResponse<String> postForm(String path, String... fields) {
		return send(request(path).header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(encode(fields))));
	}

	public HttpResponse<String> postJson(String path, String body) {
		return send(json(path, body));
	}

	HttpResponse<String> sendJson(String method, String path, String body) {
		return send(withToken(request(path)).header("Content-Type", "application/json")
			.method(method, BodyPublishers.ofString(body)));
	}

	/**
	 * Submit a form with values, and with files, which are {@code byte[]}.
	 */
	public HttpResponse<String> postForm(String path, Map<String, ?> values) {
		return postForm(path, "picture.png", values);
	}

	/**
	 * Submit a form with values, and with files of this name, which are {@code byte[]}.
	 */
	public HttpResponse<String> postForm(String path, String fileName, Map<String, ?> values) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		values.forEach((name, value) -> {
			boolean file = value instanceof byte[];
			body.writeBytes(("--part\r\nContent-Disposition: form-data; name=\"" + name + "\""
					+ (file ? "; filename=\"" + fileName + "\"\r\nContent-Type: image/png" : "") + "\r\n\r\n")
				.getBytes(StandardCharsets.UTF_8));
			body.writeBytes((value instanceof byte[] data) ? data : value.toString().getBytes(StandardCharsets.UTF_8));
			body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
		});
		body.writeBytes("--part--\r\n".getBytes(StandardCharsets.UTF_8));
		return send(withToken(request(path)).header("Content-Type", "multipart/form-data; boundary=part")
			.POST(BodyPublishers.ofByteArray(body.toByteArray())));
	}

	public HttpResponse<String> delete(String path) {
		return send(withToken(request(path)).DELETE());
	}

	public SseStream stream(String path, String... parameters) {
		return open(request(path, parameters));
	}

	SseStream streamJson(String path, String body) {
		return open(json(path, body));
	}

	SseStream reconnect(String eventId, String path) {
		return open(request(path).header("Last-Event-ID", eventId));
	}

	private SseStream open(HttpRequest.Builder request) {
		try {
			HttpResponse<InputStream> response = this.http.send(request.header("Accept", "text/event-stream").build(),
					BodyHandlers.ofInputStream());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type")).get().asString().startsWith("text/event-stream");
			return new SseStream(response.body());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.http.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private HttpRequest.Builder json(String path, String body) {
		return withToken(request(path)).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
	}

	private synchronized HttpRequest.Builder withToken(HttpRequest.Builder request) {
		if (this.csrf == null) {
			this.csrf = new JsonMapper().readTree(get("/api/csrf").body());
		}
		return request.header(this.csrf.path("header").asString(), this.csrf.path("token").asString());
	}

	private HttpRequest.Builder request(String path, String... parameters) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + path + "?" + encode(parameters)))
			.header(TestUsers.HEADER, this.user);
		return (this.idempotencyKey != null) ? request.header("Idempotency-Key", this.idempotencyKey) : request;
	}

	private String encode(String... parameters) {
		return Arrays.stream(parameters).map(this::encode).collect(Collectors.joining("&"));
	}

	private String encode(String parameter) {
		int end = parameter.indexOf('=');
		return parameter.substring(0, end + 1)
				+ URLEncoder.encode(parameter.substring(end + 1), StandardCharsets.UTF_8);
	}

}
