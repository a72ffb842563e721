package io.aki.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.aki.spring.boot.test.AkiEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the protections for users who copy the sample.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "AKI_API_KEY=", "aki.io.api-key=", "aki.io.progress-interval=20ms", "aki.io.emulator.pace=5",
				"aki.io.tasks.max-unfinished=2", "sample.max-request-size=1MB", "sample.max-chats=1" })
class SafetyTests {

	private static final String HANG = "{\"endpoint\": \"llama3_8b_chat\", \"params\": {\"prompt_input\": \"HANG\"}}";

	private final AkiEmulator emulator;

	private final int port;

	SafetyTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.port = port;
	}

	@Test
	void tooManyTasksAreRefusedForAWhile() {
		TaskApi tasks = new TaskApi(this.port);
		SampleClient sample = new SampleClient(this.port);
		String first = tasks.submit(HANG);
		String second = tasks.submit(HANG);
		HttpResponse<String> refused = sample.postJson("/api/tasks", HANG);
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
		assertThat(refused.body()).contains("Too many tasks are waiting or running");
		sample.post("/api/tasks/" + first + "/cancel");
		tasks.await(first, "canceled");
		String third = tasks.submit(HANG);
		sample.post("/api/tasks/" + second + "/cancel");
		sample.post("/api/tasks/" + third + "/cancel");
		tasks.await(second, "canceled");
		tasks.await(third, "canceled");
	}

	@Test
	void tooManyAnswersAreRefused() {
		SampleClient sample = new SampleClient(this.port);
		try (SseStream first = sample.streamJson("/api/assistant", "{\"text\": \"HANG\"}")) {
			HttpResponse<String> refused = sample.postJson("/api/assistant", "{\"text\": \"Hello\"}");
			assertThat(first).isNotNull();
			assertThat(refused.statusCode()).isEqualTo(429);
			assertThat(refused.body()).contains("Too many answers are being written");
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.emulator.jobs()).noneMatch((job) -> job.state().equals("processing")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			GET  /api/chat/stream?prompt=x  | Sec-Fetch-Site: cross-site
			GET  /api/chat/stream?prompt=x  | Sec-Fetch-Site: same-site
			GET  /api/chat/stream?prompt=x  | Origin: http://evil.example
			GET  /api/tasks/events          | Sec-Fetch-Site: cross-site
			POST /api/tasks/x/cancel        | Origin: null
			POST /api/tasks/x/cancel        | Sec-Fetch-Site: cross-site
			GET  /api/tasks                 | Host: evil.example
			POST /images                    | Origin: http://127.0.0.1:1
			POST /api/assistant             | Sec-Fetch-Site: cross-site
			POST /api/assistant             | Origin: http://evil.example
			DELETE /api/assistant           | Origin: http://evil.example
			""")
	void requestsOfOtherSitesAreRefused(String request, String header) throws IOException {
		assertThat(raw(request.replaceAll(" +", " "), header)).startsWith("HTTP/1.1 403").contains("\"success\":false");
		assertThat(this.emulator.jobs()).noneMatch((job) -> job.state().equals("processing"));
	}

	@Test
	void linksOfOtherSitesAreFollowed() throws IOException {
		assertThat(raw("GET /", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate")).startsWith("HTTP/1.1 200");
	}

	@Test
	void ownRequestsPass() throws IOException {
		assertThat(raw("GET /api/tasks", "Sec-Fetch-Site: same-origin\r\nOrigin: http://127.0.0.1:" + this.port))
			.startsWith("HTTP/1.1 200");
	}

	@Test
	void largeBodiesAreRefused() throws IOException {
		assertThat(raw("POST /api/tasks", "Content-Type: application/json\r\nContent-Length: 1500000",
				"x".repeat(1500000)))
			.startsWith("HTTP/1.1 413")
			.contains("at most 1 MB");
		assertThat(raw("POST /api/tasks", "Content-Type: application/json\r\nTransfer-Encoding: chunked", "0\r\n\r\n"))
			.startsWith("HTTP/1.1 411");
	}

	@Test
	void browsersAreToldToRunNothingElse() throws IOException {
		assertThat(raw("GET /", "X: y")).contains("Content-Security-Policy: default-src 'self';", "nosniff");
	}

	@Test
	void errorsHaveNoStackTrace() {
		HttpResponse<String> response = new SampleClient(this.port).get("/api/tasks", "limit=many");
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).isEqualTo("{\"success\":false,\"error\":\"limit cannot be read\"}");
		assertThat(new SampleClient(this.port).get("/nowhere").body()).doesNotContain("Exception", "at org.");
	}

	private String raw(String request, String header) throws IOException {
		return raw(request, header, "");
	}

	// the JDK's HTTP client does not allow these headers
	private String raw(String request, String header, String body) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			// a stream that is not rejected does not end
			socket.setSoTimeout(10_000);
			OutputStream out = socket.getOutputStream();
			String host = header.startsWith("Host:") ? "" : "Host: 127.0.0.1:" + this.port + "\r\n";
			out.write((request + " HTTP/1.1\r\n" + host + header + "\r\nConnection: close\r\n\r\n" + body)
				.getBytes(StandardCharsets.US_ASCII));
			InputStream in = socket.getInputStream();
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
