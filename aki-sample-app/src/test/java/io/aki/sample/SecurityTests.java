package io.aki.sample;

import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a request of another site starts no job.
 */
@SampleTest
@TestPropertySource(properties = "spring.application.name=security")
class SecurityTests {

	private static final String TASK = "{\"endpoint\": \"llama3_8b_chat\", \"params\": {\"prompt_input\": \"HANG\"}}";

	private final AkiEmulator emulator;

	private final AkiTasks tasks;

	private final int port;

	private final RawHttp http;

	SecurityTests(@Autowired AkiEmulator emulator, @Autowired AkiTasks tasks, @LocalServerPort int port) {
		this.emulator = emulator;
		this.tasks = tasks;
		this.port = port;
		this.http = new RawHttp(port);
	}

	@BeforeEach
	void forgetEarlierJobs() {
		this.emulator.reset();
	}

	@AfterEach
	void nothingWasStarted() {
		assertThat(this.tasks.find(AkiTaskQuery.all().size(10)).tasks()).isEmpty();
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			POST   | /api/tasks            | application/json
			POST   | /%61pi/tasks          | application/json
			POST   | /api/tasks            | text/plain
			POST   | /api/conversations    | application/json
			POST   | /%61pi/conversations  | application/json
			POST   | /api/assistant        | application/json
			POST   | /%61pi/%61ssistant    | application/json
			DELETE | /api/assistant        | application/json
			POST   | /images               | application/x-www-form-urlencoded
			POST   | /images               | multipart/form-data; boundary=b
			POST   | /speech               | application/x-www-form-urlencoded
			POST   | /endpoints/xttsv2     | application/x-www-form-urlencoded
			""")
	void requestWithoutATokenIsRefused(String method, String path, String type) {
		assertThat(this.http.sendBody(TASK, method + " " + path, "Content-Type: " + type,
				"Content-Length: " + TASK.length()))
			.startsWith("HTTP/1.1 403")
			.contains("application/problem+json", "The CSRF token is missing or no longer valid");
	}

	@Test
	void tokenWithoutItsCookieIsRefused() {
		String response = this.http.send("GET /api/csrf");
		String token = response.replaceAll("(?s).*\"token\":\"([^\"]+)\".*", "$1");
		assertThat(token).hasSizeGreaterThan(30).doesNotContain("\"");
		assertThat(this.http.sendBody(TASK, "POST /api/tasks", "X-XSRF-TOKEN: " + token,
				"Content-Type: application/json", "Content-Length: " + TASK.length()))
			.startsWith("HTTP/1.1 403");
	}

	@Test
	void otherSitesCannotReadTheToken() {
		assertThat(this.http.send("GET /api/csrf", "Origin: http://evil.example", "Sec-Fetch-Site: cross-site"))
			.doesNotContain("Access-Control-Allow");
		assertThat(this.http.send("OPTIONS /api/tasks", "Origin: http://evil.example",
				"Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type,x-xsrf-token"))
			.doesNotContain("Access-Control-Allow");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api;x=1/tasks", "/api/tasks;x=1", "/api//tasks", "/api/../api/tasks", "/api%2ftasks",
			"/%2561pi/tasks", "/api/assistant%00" })
	void disguisedPathsAreRefused(String path) {
		assertThat(this.http.send("GET " + path)).startsWith("HTTP/1.1 400");
		assertThat(this.http.send("POST " + path, "Content-Length: 0")).startsWith("HTTP/1.1 400");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/conversations?text=x", "/api/assistant", "/%61pi/assistant",
			"/images?prompt=x&endpoint=z_image_turbo", "/speech?text=x", "/endpoints/xttsv2?text=x" })
	void getStartsNothing(String path) {
		assertThat(this.http.send("GET " + path)).startsWith("HTTP/1.1 ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "evil.example", "evil.example:8080", "192.168.1.5:8080", "laptop.local",
			"127.0.0.1.nip.io", "localhost.evil.example" })
	void otherHostNamesAreRefused(String host) {
		assertThat(this.http.send("GET /", "Accept: text/html", "Host: " + host)).startsWith("HTTP/1.1 400")
			.contains("application/problem+json", "'sample.allowed-hosts'");
		assertThat(this.http.send("POST /api/tasks", "Content-Length: 0", "Host: " + host)).startsWith("HTTP/1.1 400");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]", "[::1]:8080" })
	void ownHostNamesAreAccepted(String host) {
		assertThat(this.http.send("GET /tasks", "Host: " + host)).startsWith("HTTP/1.1 200");
	}

	@Test
	void forwardedHeadersAreIgnoredWithoutTheStrategy() {
		assertThat(this.http.send("GET /tasks", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https"))
			.startsWith("HTTP/1.1 200")
			.doesNotContain("evil.example", "Secure");
	}

	@Test
	void browsersRunNothingElse() {
		assertThat(this.http.send("GET /tasks")).contains("Content-Security-Policy: default-src 'self';",
				"object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
				"X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: same-origin");
	}

	@Test
	void cookieOfTheTokenIsNotReadableByScripts() {
		assertThat(this.http.send("GET /tasks"))
			.containsPattern("Set-Cookie: AKI_SAMPLE_CSRF=[0-9a-f-]+; Path=/; HttpOnly; SameSite=Lax");
	}

	@Test
	void requestsOfThePagesPass() {
		assertThat(new SampleClient(this.port).postJson("/api/tasks", "{}").statusCode()).isEqualTo(400);
		assertThat(new SampleClient(this.port).delete("/api/assistant").statusCode()).isEqualTo(200);
	}

}
