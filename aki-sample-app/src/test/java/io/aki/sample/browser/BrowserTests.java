package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.aki.sample.SampleTest;
import io.aki.sample.TaskApi;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AkiEmulator;
import org.awaitility.Awaitility;
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
 * Tests the pages in a real browser.
 */
@SampleTest
@TestInstance(Lifecycle.PER_CLASS)
class BrowserTests {

	private static final List<String> PAGES = List.of("/", "/assistant");

	private final AkiEmulator emulator;

	private final AkiTasks durable;

	private final TaskApi tasks;

	private final Browser browser;

	BrowserTests(@Autowired AkiEmulator emulator, @Autowired AkiTasks durable, @LocalServerPort int port) {
		this.emulator = emulator;
		this.durable = durable;
		this.tasks = new TaskApi(port);
		this.browser = Browser.start(port).orElse(null);
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
		this.emulator.reset();
		// the reset removed the jobs, so that tasks which a failed test did not finish
		// fail now
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::areAllTasksEnded);
		this.durable.find(AkiTaskQuery.all().size(1000)).tasks().forEach((task) -> this.durable.delete(task.id()));
		this.browser.phone(false);
		this.browser.dark(false);
		this.browser.open("/");
		this.browser.script("sessionStorage.clear()");
	}

	private boolean areAllTasksEnded() {
		return this.durable.find(AkiTaskQuery.all().size(1000))
			.tasks()
			.stream()
			.allMatch((task) -> task.state().isFinal());
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	@Test
	void chatStreamsAndIsKept() {
		this.browser.open("/");
		this.browser.type("#chat-prompt", "THINK about the sea" + Keys.ENTER);
		this.browser.await("article.writing .facts");
		this.browser.awaitText("article.assistant .facts", "tokens/s");
		this.browser.awaitGone("article.writing");
		assertThat(this.browser.find("article.assistant .text").getText()).isNotBlank().doesNotContain("<think>");
		assertThat(this.browser.find("article.assistant .thinking").isDisplayed()).isTrue();
		assertThat(this.browser.find("article.assistant .thinking > div").isDisplayed()).as("folded away").isFalse();
		this.browser.open("/");
		this.browser.awaitText("article.user", "THINK about the sea");
		this.browser.await("article.assistant .text p");
	}

	@Test
	void chatStopsAndTellsItsFailures() {
		this.browser.open("/");
		this.browser.type("#chat-prompt", "HANG" + Keys.ENTER);
		this.browser.click("#chat-stop");
		this.browser.awaitText("article.assistant .facts", "Stopped");
		this.browser.type("#chat-prompt", "FAIL" + Keys.ENTER);
		this.browser.awaitText("article.assistant .problem", "CUDA out of memory");
		this.browser.click("article.assistant:last-child .again");
		this.browser.awaitText("article.assistant:last-child .problem", "CUDA out of memory");
	}

	@Test
	void nothingHindersAScreenReader() throws IOException {
		for (String page : PAGES) {
			this.browser.dark(false);
			this.browser.open(page);
			assertThat(this.browser.axe()).as(page).isEmpty();
		}
		this.browser.dark(true);
		for (String page : PAGES) {
			this.browser.open(page);
			assertThat(this.browser.axe()).as(page + ", dark").isEmpty();
		}
		if (Boolean.getBoolean("screenshots")) {
			takeScreenshots();
		}
	}

	private void takeScreenshots() throws IOException {
		for (boolean dark : new boolean[] { false, true }) {
			for (boolean phone : new boolean[] { false, true }) {
				this.browser.dark(dark);
				this.browser.phone(phone);
				for (String page : PAGES) {
					this.browser.open(page);
					if (page.equals("/")) {
						this.browser.type("#chat-prompt", "THINK about the sea" + Keys.ENTER);
						this.browser.await("article.writing .facts");
						this.browser.awaitGone("article.writing");
					}
					this.browser.screenshot(Path.of("target", "screenshots", page.replaceAll("\\W+", "_") + "-"
							+ (phone ? "phone" : "desktop") + "-" + (dark ? "dark" : "light") + ".png"));
				}
			}
		}
	}

}
