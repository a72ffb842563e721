package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Path;

import io.aki.sample.SampleTest;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.openqa.selenium.Keys;
import org.openqa.selenium.support.ui.Select;

/**
 * Base class for tests of the Chat page in a real browser.
 */
@Tag("browser")
@SampleTest
@TestInstance(Lifecycle.PER_CLASS)
abstract class AbstractChatBrowserTests {

	static final String ANSWER = "#log article:last-child ";

	final AkiEmulator emulator;

	final Browser browser;

	AbstractChatBrowserTests(AkiEmulator emulator, int port) {
		this.emulator = emulator;
		this.browser = Browser.start(port).orElse(null);
	}

	@BeforeEach
	void needBrowser() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	void open(String path) {
		this.browser.open(path);
		this.browser.await("#model:enabled");
	}

	String path() {
		return String.valueOf(this.browser.script("return location.pathname"));
	}

	void select(String model) {
		this.browser.await("#model:enabled option[value=" + model + "]");
		new Select(this.browser.find("#model")).selectByValue(model);
	}

	void type(String text) {
		this.browser.find("#chat-prompt").sendKeys(text);
	}

	/**
	 * Send a question.
	 */
	void ask(String question) {
		type(question + Keys.ENTER);
		this.browser.awaitGone("#welcome");
	}

	void awaitEnd() {
		this.browser.awaitScript("return !document.body.classList.contains('answering')");
	}

	/**
	 * Lose the response to the next POST, and record the bodies in {@code bodies}.
	 */
	void loseNextResponse() {
		this.browser.script("""
				const original = window.fetch
				window.bodies = []
				window.fetch = (url, options) => {
					if (options.method !== 'POST' || bodies.push(options.body) > 1) {
						return original(url, options)
					}
					return original(url, options).then(() => Promise.reject(new TypeError('The response is lost')))
				}""");
	}

	void screenshot(String name) throws IOException {
		this.browser.screenshot(Path.of("target", "screenshots", name + ".png"));
	}

}
