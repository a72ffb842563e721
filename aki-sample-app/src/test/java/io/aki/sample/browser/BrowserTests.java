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
					this.browser.screenshot(Path.of("target", "screenshots", page.replaceAll("\\W+", "_") + "-"
							+ (phone ? "phone" : "desktop") + "-" + (dark ? "dark" : "light") + ".png"));
				}
			}
		}
	}

}
