package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import io.aki.client.AkiClient;
import io.aki.client.AkiParameters;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
import io.aki.spring.web.AkiEventStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the starter's JavaScript module on a page in a real browser.
 */
@Tag("browser")
class EventStreamModuleTests {

	private static final String ANSWER = "An answer, with <b>markup</b>, in many pieces. ".repeat(30).strip();

	private static final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(8).build();

	private static ConfigurableApplicationContext application;

	private static Browser browser;

	@BeforeAll
	static void start() {
		application = SpringApplication.run(Application.class, "--server.port=0",
				"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=" + emulator.apiKey(),
				"--aki.io.endpoint=llama3_8b_chat", "--aki.io.progress-interval=50ms", "--aki.io.web.heartbeat=200ms",
				"--spring.web.resources.static-locations=classpath:/event-stream/",
				"--spring.datasource.url=jdbc:h2:mem:streams", "--spring.sql.init.mode=never");
		browser = Browser.start(port()).orElse(null);
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		application.close();
		emulator.close();
	}

	private static int port() {
		return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@BeforeEach
	void open() {
		Assumptions.assumeTrue(browser != null, "There is no Chromium with its driver on this machine");
		emulator.reset();
		browser.open("/index.html");
	}

	private static void ask(String path) {
		browser.type("#path", path);
		browser.click("#ask");
	}

	private static void awaitJobs(String state) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(emulator.jobs()).isNotEmpty()
				.extracting(AkiEmulatorJob::state)
				.containsOnly(state));
	}

	@Test
	void showsTheAnswerAndTheReasoning() throws IOException {
		emulator.replies().add(AkiEmulatorReply.text("<think>Let me see.</think>" + ANSWER));
		ask("/chat");
		browser.awaitText("#state", "done");
		assertThat(browser.find("#answer").getText()).isEqualTo(ANSWER);
		assertThat(browser.find("#thoughts").getText()).isEqualTo("Let me see.");
		assertThat(browser.find("#state").getText()).matches("done, \\d+ tokens");
		browser.screenshot(Path.of("target/screenshots/event-stream.png"));
	}

	@Test
	void showsAFailureBeforeTheFirstEvent() {
		ask("/invalid");
		browser.awaitText("#state", "failure: ");
		assertThat(browser.find("#state").getText()).contains("bogus");
	}

	@Test
	void showsAFailureAfterTheFirstEvent() {
		emulator.faults().add(AkiEmulatorFault.workerError("CUDA out of memory").onPhase(Phase.START));
		ask("/chat");
		browser.awaitText("#state", "failure: CUDA out of memory");
	}

	@Test
	void stopCancelsTheJob() {
		emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		ask("/chat");
		browser.awaitText("#state", "running");
		browser.click("#stop");
		browser.awaitText("#state", "stopped: ");
		awaitJobs("canceled");
	}

	@Test
	void leavingThePageCancelsTheJob() {
		emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		ask("/chat");
		browser.awaitText("#state", "running");
		// the browser may keep the page for the back button
		browser.open("/chat.js");
		awaitJobs("canceled");
	}

	@Test
	void noticesThatTheStreamWasCutOff() throws IOException {
		emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		try (CuttingProxy proxy = new CuttingProxy(port(), 3000)) {
			browser.openAt(proxy.port(), "/index.html");
			ask("/chat");
			browser.awaitText("#state", "truncated: ");
			assertThat(proxy.cuts()).isEqualTo(1);
		}
	}

	@Test
	void reconnectsAndShowsTheWholeAnswer() throws IOException {
		emulator.replies().add(AkiEmulatorReply.text(ANSWER));
		try (CuttingProxy proxy = new CuttingProxy(port(), 3000)) {
			browser.openAt(proxy.port(), "/index.html");
			ask("/reconnectable");
			browser.awaitText("#state", "done");
			assertThat(browser.find("#answer").getText()).isEqualTo(ANSWER);
			assertThat(emulator.jobs()).hasSize(1);
			assertThat(proxy.cuts()).isEqualTo(1);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Application {

		private final AkiClient aki;

		Application(AkiClient aki) {
			this.aki = aki;
		}

		@Bean
		SecurityFilterChain everythingIsAllowed(HttpSecurity http) throws Exception {
			return http.csrf((csrf) -> csrf.disable())
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

		@PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream chat(@RequestBody Question question) {
			return AkiEventStream.of(this.aki, AkiParameters.chat().user(question.text()));
		}

		@PostMapping(path = "/invalid", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream invalid(@RequestBody Question question) {
			return AkiEventStream.of(this.aki, AkiParameters.chat().user(question.text()).set("bogus", 1));
		}

		@PostMapping(path = "/reconnectable", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream reconnectable(@RequestBody Question question) {
			return AkiEventStream.of(this.aki, AkiParameters.chat().user(question.text())).reconnectable("alice");
		}

		record Question(String text) {
		}

	}

}
