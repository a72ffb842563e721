package io.aki.sample;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests the profiles {@code login} and {@code production}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LoginTests {

	private static final List<String> USERS = List.of("sample.users.anna={noop}apple", "sample.users.bert={noop}pear");

	private static final String EMULATOR = "aki.io.emulator.enabled=true";

	private static final List<String> USERS_AND_EMULATOR = Stream.concat(USERS.stream(), Stream.of(EMULATOR)).toList();

	@Test
	void pagesLeadToTheLoginAndProgramsGetAProblemDetail() {
		try (ConfigurableApplicationContext context = start("login", USERS_AND_EMULATOR)) {
			RawHttp http = http(context);
			assertThat(http.send("GET /tasks", "Accept: text/html")).startsWith("HTTP/1.1 302")
				.containsPattern("Location: (http://127.0.0.1:\\d+)?/login\r");
			for (String path : List.of("/api/tasks", "/api/tasks/events", "/api/csrf", "/%61pi/tasks")) {
				assertThat(http.send("GET " + path, "Accept: text/html")).startsWith("HTTP/1.1 401");
				assertThat(http.send("GET " + path, "Accept: text/event-stream")).startsWith("HTTP/1.1 401")
					.contains("application/problem+json", "Log in first");
			}
			assertThat(http.send("GET /tasks", "HX-Request: true", "Accept: */*")).startsWith("HTTP/1.1 401");
			assertThat(http.send("GET /actuator/health")).startsWith("HTTP/1.1 200");
			assertThat(http.send("GET /sample.css")).startsWith("HTTP/1.1 200");
			assertThat(http.send("GET /nowhere", "Accept: text/html")).startsWith("HTTP/1.1 302");
		}
	}

	@Test
	void userLogsInAndOut() {
		try (ConfigurableApplicationContext context = start("login", USERS_AND_EMULATOR)) {
			SampleClient sample = client(context);
			assertThat(logIn(sample, "anna", "wrong").headers().firstValue("Location").orElse("")).endsWith("?error");
			assertThat(sample.get("/api/tasks").statusCode()).isEqualTo(401);
			assertThat(logIn(sample, "anna", "apple").statusCode()).isEqualTo(302);
			String page = sample.get("/tasks").body();
			assertThat(page).contains(">anna<", "Log out");
			assertThat(sample.postJson("/api/tasks", "{}").statusCode()).isEqualTo(400);
			assertThat(sample.get("/nowhere", "x=y").statusCode()).isEqualTo(404);
			assertThat(sample.post("/logout").statusCode()).isEqualTo(302);
			assertThat(sample.get("/api/tasks").statusCode()).isEqualTo(401);
		}
	}

	@Test
	void usersDoNotShareTheConversationOfTheAssistant() {
		try (ConfigurableApplicationContext context = start("login", USERS_AND_EMULATOR)) {
			SampleClient anna = client(context);
			SampleClient bert = client(context);
			logIn(anna, "anna", "apple");
			logIn(bert, "bert", "pear");
			try (SseStream stream = anna.streamJson("/api/assistant", "{\"text\": \"My secret\"}")) {
				stream.all();
			}
			assertThat(anna.get("/assistant").body()).contains("My secret");
			assertThat(bert.get("/assistant").body()).contains(">bert<").doesNotContain("My secret");
		}
	}

	@Test
	void loginNeedsAToken() {
		try (ConfigurableApplicationContext context = start("login", USERS_AND_EMULATOR)) {
			assertThat(http(context).sendBody("username=anna&password=apple", "POST /login",
					"Content-Type: application/x-www-form-urlencoded", "Content-Length: 28"))
				.startsWith("HTTP/1.1 403");
		}
	}

	@Test
	void everyRequestBelongsToTheLocalUserWithoutTheProfile() {
		try (ConfigurableApplicationContext context = start("", List.of())) {
			assertThat(http(context).send("GET /tasks")).startsWith("HTTP/1.1 200").doesNotContain("Log out");
			assertThat(http(context).send("GET /login", "Accept: text/html")).startsWith("HTTP/1.1 404");
		}
	}

	@Test
	void loginWithoutUsersDoesNotStart(CapturedOutput output) {
		assertDoesNotStart("login", EMULATOR);
		assertThat(output).contains("APPLICATION FAILED TO START", "The profile 'login' needs at least one user",
				"sample.users.anna");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "postgres" })
	void serverThatIsOpenToOtherMachinesDoesNotStartWithoutALogin(String profile, CapturedOutput output) {
		assertDoesNotStart(profile, EMULATOR, "server.address=0.0.0.0");
		assertThat(output).contains("APPLICATION FAILED TO START", "without a login", "'server.address' is 0.0.0.0",
				"sample.allow-anonymous");
	}

	@ParameterizedTest
	@CsvSource({ "'', sample.allow-anonymous=true", "login, sample.users.anna={noop}apple" })
	void serverThatIsOpenOnPurposeStarts(String profile, String property) {
		try (ConfigurableApplicationContext context = start(profile,
				List.of(EMULATOR, "server.address=0.0.0.0", property))) {
			assertThat(context.isRunning()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "production", "postgres", "login" })
	void onlyTheDefaultProfileStartsWithoutAKey(String profile, CapturedOutput output) {
		assertDoesNotStart(profile, USERS.get(0));
		assertThat(output).contains("APPLICATION FAILED TO START", "There is no API key", "AKI_API_KEY",
				"aki.io.emulator.enabled");
	}

	@Test
	void productionWithTheEmulatorDoesNotStart(CapturedOutput output) {
		assertDoesNotStart("production", EMULATOR, USERS.get(0));
		assertThat(output).contains("APPLICATION FAILED TO START", "does not start with the emulator");
	}

	@Test
	void productionNeedsALogin(CapturedOutput output) {
		assertDoesNotStart("production", "aki.io.api-key=a-key");
		assertThat(output).contains("The profile 'login' needs at least one user");
	}

	@Test
	void productionRunsBehindAProxyThatEndsTls() {
		List<String> properties = new ArrayList<>(USERS);
		properties.addAll(List.of("aki.io.api-key=a-key", "aki.io.api-server=http://127.0.0.1:1",
				"sample.allowed-hosts=app.example.com"));
		try (ConfigurableApplicationContext context = start("production", properties)) {
			assertThat(context.getBeanProvider(AkiEmulator.class).getIfAvailable()).isNull();
			RawHttp http = http(context);
			String[] proxy = { "Accept: text/html", "X-Forwarded-Proto: https", "X-Forwarded-Host: app.example.com" };
			assertThat(http.send("GET /tasks", proxy)).startsWith("HTTP/1.1 302")
				.containsPattern("Location: (https://app.example.com)?/login\r")
				.containsPattern("Set-Cookie: AKI_SAMPLE_SESSION=[^\r]*; Secure; HttpOnly; SameSite=Lax")
				.contains("Strict-Transport-Security: ")
				.doesNotContain("http://");
			assertThat(http.send("GET /login", proxy)).startsWith("HTTP/1.1 200")
				.containsPattern("Set-Cookie: AKI_SAMPLE_CSRF=[^\r]*; Secure; HttpOnly; SameSite=Lax");
			assertThat(http.send("GET /login", "Accept: text/html", "X-Forwarded-Proto: https",
					"X-Forwarded-Host: evil.example"))
				.startsWith("HTTP/1.1 400");
			assertThat(http.send("GET /login", "Accept: text/html")).startsWith("HTTP/1.1 400");
		}
	}

	private static HttpResponse<String> logIn(SampleClient sample, String user, String password) {
		String form = sample.get("/login").body();
		String token = form.replaceAll("(?s).*name=\"_csrf\" value=\"([^\"]+)\".*", "$1");
		return sample.postForm("/login", "username=" + user, "password=" + password, "_csrf=" + token);
	}

	private static void assertDoesNotStart(String profile, String... properties) {
		assertThatExceptionOfType(StartupException.class).isThrownBy(() -> start(profile, List.of(properties)).close());
	}

	private static ConfigurableApplicationContext start(String profile, List<String> properties) {
		String[] arguments = Stream
			.concat(Stream.of("AKI_API_KEY=", "server.port=0", "spring.profiles.active=" + profile),
					properties.stream())
			.map((property) -> "--" + property)
			.toArray(String[]::new);
		return new SpringApplicationBuilder(SampleApplication.class).run(arguments);
	}

	private static SampleClient client(ConfigurableApplicationContext context) {
		return new SampleClient(port(context));
	}

	private static RawHttp http(ConfigurableApplicationContext context) {
		return new RawHttp(port(context));
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", int.class);
	}

}
