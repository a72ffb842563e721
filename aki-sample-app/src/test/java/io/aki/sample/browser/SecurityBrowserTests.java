package io.aki.sample.browser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import io.aki.sample.SampleTest;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTaskState;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AkiEmulator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests in a real browser that the page of another site starts no job, and the pages of
 * errors.
 */
@Tag("browser")
@SampleTest
@TestPropertySource(properties = "spring.application.name=security")
@TestInstance(Lifecycle.PER_CLASS)
class SecurityBrowserTests {

	private final AkiEmulator emulator;

	private final AkiTasks tasks;

	private final int port;

	private final Browser browser;

	private final HttpServer otherSite;

	SecurityBrowserTests(@Autowired AkiEmulator emulator, @Autowired AkiTasks tasks, @LocalServerPort int port)
			throws IOException {
		this.emulator = emulator;
		this.tasks = tasks;
		this.port = port;
		this.browser = Browser.start(port).orElse(null);
		this.otherSite = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.otherSite.createContext("/", (exchange) -> {
			byte[] page = "<!DOCTYPE html><title>Another site</title><body>Another site</body>"
				.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().add("Content-Type", "text/html");
			exchange.sendResponseHeaders(200, page.length);
			exchange.getResponseBody().write(page);
			exchange.close();
		});
		this.otherSite.start();
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
		this.emulator.reset();
		this.browser.phone(false);
		this.browser.dark(false);
		// the browser has the cookies of the application
		this.browser.open("/tasks");
	}

	@AfterAll
	void quit() {
		this.otherSite.stop(0);
		if (this.browser != null) {
			this.browser.close();
		}
	}

	/**
	 * A page on 127.0.0.1 has another port only, so that the browser sends the cookies. A
	 * page on localhost belongs to another site.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "localhost" })
	void pageOfAnotherOriginStartsNothing(String host) {
		this.browser.openAt(host, this.otherSite.getAddress().getPort(), "/");
		for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
			for (String path : List.of("/api/tasks", "/%61pi/tasks", "/api/conversations", "/api/assistant", "/images",
					"/speech")) {
				assertThat(this.browser.asyncScript("""
						const [url, type, done] = arguments
						fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include',
							headers: {'Content-Type': type}, body: 'text=x&prompt=x&endpoint=z_image_turbo'})
							.then((response) => done(response.type), (error) => done(String(error)))""", url(path),
						type))
					.isEqualTo("opaque");
			}
		}
		assertThat(this.browser.asyncScript("""
				const [url, done] = arguments
				fetch(url, {method: 'POST', credentials: 'include', headers: {'Content-Type': 'application/json'},
					body: '{"text": "x"}'}).then((response) => done(response.status), (error) => done(error.name))""",
				url("/api/assistant")))
			.isEqualTo("TypeError");
		assertThat(this.browser.asyncScript("""
				const [url, done] = arguments
				fetch(url, {credentials: 'include'})
					.then((response) => response.text()).then(done, (error) => done(error.name))""", url("/api/csrf")))
			.isEqualTo("TypeError");
		assertNothingWasStarted();
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "localhost" })
	void imageFrameAndFormOfAnotherOriginStartNothing(String host) {
		this.browser.openAt(host, this.otherSite.getAddress().getPort(), "/");
		for (String path : List.of("/api/conversations?text=x", "/api/assistant?text=x",
				"/images?prompt=x&endpoint=z_image_turbo", "/speech?text=x", "/endpoints/xttsv2?text=x")) {
			for (String element : List.of("img", "iframe")) {
				this.browser.asyncScript("""
						const [name, url, done] = arguments
						const element = document.createElement(name)
						element.onload = element.onerror = () => done()
						element.src = url
						document.body.append(element)""", element, url(path));
			}
		}
		this.browser.script("""
				const form = document.createElement('form')
				form.method = 'post'
				form.action = arguments[0]
				form.innerHTML = '<input name="text" value="x">'
				document.body.append(form)
				form.submit()""", url("/speech"));
		this.browser.awaitText("h1", "Forbidden");
		assertNothingWasStarted();
	}

	@Test
	void pagesOfThisApplicationCanSendRequests() {
		this.browser.open("/speech");
		this.browser.click("#speech-form button[type=submit]");
		this.browser.await("#results article");
		Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(this::assertOneCompletedTask);
		this.tasks.delete(found().get(0).id());
	}

	private void assertOneCompletedTask() {
		assertThat(found()).singleElement().extracting(AkiTask::state).isEqualTo(AkiTaskState.COMPLETED);
	}

	@ParameterizedTest
	@CsvSource({ "false, false", "false, true", "true, false", "true, true" })
	void errorPageIsAccessible(boolean phone, boolean dark) throws IOException {
		this.browser.phone(phone);
		this.browser.dark(dark);
		this.browser.open("/nowhere");
		this.browser.awaitText("h1", "Not Found");
		assertThat(this.browser.axe()).isEmpty();
		assertThat(this.browser.script("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
		this.browser.screenshot(Path.of("target", "screenshots",
				"error-" + (phone ? "phone" : "desktop") + "-" + (dark ? "dark" : "light") + ".png"));
	}

	private void assertNothingWasStarted() {
		assertThat(found()).isEmpty();
		assertThat(this.emulator.jobs()).isEmpty();
	}

	private List<AkiTask> found() {
		return this.tasks.find(AkiTaskQuery.all().size(10)).tasks();
	}

	private String url(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

}
