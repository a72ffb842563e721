package io.aki.sample;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the caching and the compression of the responses.
 */
@SampleTest
class StaticFilesTests {

	private final HttpClient http = HttpClient.newHttpClient();

	private final int port;

	StaticFilesTests(@LocalServerPort int port) {
		this.port = port;
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "/", "/sample.css", "/chat.js", "/aki/event-stream.js", "/webjars/marked/lib/marked.esm.js" })
	void textIsCompressed(String path) throws Exception {
		HttpResponse<InputStream> plain = get(path);
		HttpResponse<InputStream> compressed = get(path, "Accept-Encoding", "gzip");
		assertThat(header(plain, "Content-Encoding")).isNull();
		assertThat(header(compressed, "Content-Encoding")).isEqualTo("gzip");
		assertThat(header(compressed, "Vary")).containsIgnoringCase("accept-encoding");
		byte[] received = compressed.body().readAllBytes();
		String text = new String(plain.body().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(received.length).isLessThan(text.length() / 2);
		if (!path.equals("/")) {
			assertThat(new GZIPInputStream(new ByteArrayInputStream(received)))
				.hasBinaryContent(text.getBytes(StandardCharsets.UTF_8));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sample.css", "/chat.js", "/aki/event-stream.js", "/webjars/marked/lib/marked.esm.js" })
	void unchangedFilesAreNotSentAgain(String path) throws Exception {
		HttpResponse<InputStream> first = get(path, "Accept-Encoding", "gzip");
		assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
		assertThat(header(first, "Last-Modified")).isNull();
		String etag = header(first, "ETag");
		assertThat(etag).isNotNull();
		HttpResponse<InputStream> again = get(path, "Accept-Encoding", "gzip", "If-None-Match", etag);
		assertThat(again.statusCode()).isEqualTo(304);
		assertThat(again.body().readAllBytes()).isEmpty();
		assertThat(get(path, "If-None-Match", "W/\"another\"").statusCode()).isEqualTo(200);
	}

	@Test
	void webJarsOfAPageAreCachedForAYear() throws Exception {
		String page = new String(get("/").body().readAllBytes(), StandardCharsets.UTF_8);
		List<String> paths = Pattern.compile("\"(/webjars/[^\"]+)\"")
			.matcher(page)
			.results()
			.map((match) -> match.group(1))
			.toList();
		assertThat(paths).isNotEmpty();
		for (String path : paths) {
			HttpResponse<InputStream> response = get(path);
			assertThat(response.statusCode()).as(path).isEqualTo(200);
			assertThat(header(response, "Cache-Control")).as(path).isEqualTo("max-age=31536000, public, immutable");
		}
	}

	@Test
	void eventStreamsAreNeitherCompressedNorBuffered() throws Exception {
		HttpResponse<InputStream> response = get("/test/events", "Accept-Encoding", "gzip");
		assertThat(header(response, "Content-Type")).startsWith("text/event-stream");
		assertThat(header(response, "Content-Encoding")).isNull();
		try (BufferedReader events = new BufferedReader(
				new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
			assertThat(events.readLine()).isEqualTo("data:first");
			Events.firstIsRead.countDown();
			assertThat(events.lines()).contains("data:last");
		}
	}

	private HttpResponse<InputStream> get(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
		return this.http.send(((headers.length > 0) ? request.headers(headers) : request).build(),
				BodyHandlers.ofInputStream());
	}

	private static @Nullable String header(HttpResponse<?> response, String name) {
		return response.headers().firstValue(name).orElse(null);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Configuration {

		@Bean
		Events events() {
			return new Events();
		}

	}

	/**
	 * Sends the last event only after the first one is read.
	 */
	@RestController
	static class Events {

		static final CountDownLatch firstIsRead = new CountDownLatch(1);

		@GetMapping(path = "/test/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		SseEmitter events() throws IOException {
			SseEmitter emitter = new SseEmitter();
			emitter.send("first");
			new Thread(() -> {
				try {
					firstIsRead.await();
					emitter.send("x".repeat(10_000));
					emitter.send("last");
					emitter.complete();
				}
				catch (IOException | InterruptedException ex) {
					emitter.completeWithError(ex);
				}
			}).start();
			return emitter;
		}

	}

}
