package io.aki.sample.browser;

import io.aki.sample.SampleTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests in a real browser that all pages work below a context path.
 */
@Tag("browser")
@SampleTest
@TestPropertySource(properties = "server.servlet.context-path=/ai")
@TestInstance(Lifecycle.PER_CLASS)
class ContextPathBrowserTests {

	private final Browser browser;

	ContextPathBrowserTests(@LocalServerPort int port) {
		this.browser = Browser.start(port).orElse(null);
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	@Test
	void pictureIsCreatedVariedAndDeleted() {
		this.browser.open("/ai/images");
		this.browser.type("#image-prompt", "A lighthouse");
		this.browser.click("#image-make");
		this.browser.await("#results .card:only-child[data-state=completed] img");
		this.browser.awaitTrue("document.querySelector('#results img').naturalWidth > 0");
		this.browser.click("[data-submit$='/vary']");
		this.browser.await("#results .card:nth-child(2)[data-state=completed] img");
		this.browser.open("/ai/tasks");
		this.browser.await("tr[data-state=completed]");
		this.browser.click("tr a[role=button]");
		this.browser.await(".single img");
		assertThat(this.browser.errors()).isEmpty();
	}

	@Test
	void questionIsAnswered() {
		this.browser.open("/ai/");
		this.browser.type("#chat-prompt", "Hello");
		this.browser.click("#chat-send");
		this.browser.awaitText("article.assistant .facts", "tokens");
		this.browser.awaitTrue("location.pathname.startsWith('/ai/chat/')");
		this.browser.open("/ai/assistant");
		this.browser.type("#assistant-question", "What is the weather in Berlin?");
		this.browser.click("#assistant-send");
		this.browser.awaitText("article.assistant .facts", "tokens");
		assertThat(this.browser.errors()).isEmpty();
	}

}
