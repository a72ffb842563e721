package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.aki.sample.SampleTest;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what all pages have in common in a real browser.
 */
@SampleTest
@TestInstance(Lifecycle.PER_CLASS)
class BrowserTests {

	private static final List<String> PAGES = List.of("/", "/assistant", "/images", "/speech", "/tasks", "/endpoints");

	private final AkiEmulator emulator;

	private final Browser browser;

	BrowserTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.browser = Browser.start(port).orElse(null);
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
		this.emulator.reset();
		this.browser.phone(false);
		this.browser.dark(false);
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	@Test
	void everyPageShowsItsCodeToEverybody() throws IOException {
		for (boolean dark : new boolean[] { false, true }) {
			this.browser.dark(dark);
			for (String page : PAGES) {
				String state = page + (dark ? ", dark" : "");
				this.browser.open(page);
				assertThat(this.browser.axe()).as(state).isEmpty();
				openCode();
				assertThat(this.browser.axe()).as(state + ", with its code").isEmpty();
				assertThat(this.browser.consoleErrors()).as(state).isEmpty();
			}
		}
	}

	@Test
	void codeFitsOnAPhoneAndIsClosedWithTheKeyboard() throws IOException {
		this.browser.phone(true);
		for (String page : PAGES) {
			this.browser.open(page);
			openCode();
			assertThat(this.browser.script("return document.documentElement.scrollWidth")).as(page).isEqualTo(390L);
			assertThat(this.browser
				.script("const code = document.getElementById('code'); return code.scrollWidth <= code.clientWidth"))
				.as(page)
				.isEqualTo(true);
			this.browser.press(Keys.ESCAPE);
			this.browser.awaitGone("#code:popover-open");
		}
	}

	@Test
	void lastRequestIsShownAndCopied() throws IOException {
		this.browser.open("/");
		assertThat(lastRequest()).isEqualTo("Nothing was sent yet.");
		this.browser.type("#chat-prompt", "Tell me a joke" + Keys.ENTER);
		this.browser.await("article.assistant .message-tools");
		assertThat(lastRequest()).startsWith("POST /api/conversations\nContent-Type: application/json\n\n{")
			.contains("\"text\": \"Tell me a joke\"")
			.doesNotContain("XSRF");
		openCode();
		assertThat(this.browser.find("#code code.language-java").getDomProperty("textContent"))
			.startsWith("private void answer(String owner, Conversation conversation) {\n    List<Message> messages =")
			.endsWith("\n}");
		this.browser.screenshot(Path.of("target/screenshots/code.png"));
		this.browser.click("#code [data-copy]");
		this.browser.awaitText("#code [data-copy]", "Copied");
	}

	private String lastRequest() {
		return String.valueOf(this.browser.script("return document.getElementById('last-request').textContent"));
	}

	private void openCode() {
		this.browser.click("#open-code");
		this.browser.await("#code:popover-open .hljs-keyword");
	}

}
