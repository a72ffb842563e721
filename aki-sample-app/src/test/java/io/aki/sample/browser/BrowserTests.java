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

	private static final List<String> PAGES = List.of("/", "/assistant", "/images", "/speech", "/tasks", "/endpoints",
			"/endpoints/llama3_8b_chat");

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
	void imageFromSubmitToPicture() {
		this.browser.open("/images");
		this.browser.type("#image-prompt", "A lighthouse");
		this.browser.click("#image-make");
		this.browser.await("#results .task");
		this.browser.await("#results img");
		assertThat(this.browser.script("return document.querySelector('#results img').naturalWidth")).isEqualTo(768L);
		this.browser.click("#results a[href*='again=']");
		assertThat(this.browser.find("[name=seed]").getDomProperty("value")).isNotBlank();
		assertThat(this.browser.find("#image-prompt").getDomProperty("value")).isEqualTo("A lighthouse");
	}

	@Test
	void uploadedImageIsEdited() throws IOException {
		Path picture = Path.of("src/test/resources/picture.png").toAbsolutePath();
		this.browser.open("/images");
		this.browser.click("#image-form summary");
		this.browser.type("#image-prompt", "Make it night");
		this.browser.find("[name=image]").sendKeys(picture.toString());
		this.browser.click("#image-make");
		this.browser.await("#results img");
		assertThat(this.emulator.jobs()).singleElement()
			.satisfies((job) -> assertThat(job.endpoint()).isEqualTo("qwen_image_edit"));
	}

	@Test
	void refusalIsShownInTheForm() {
		this.browser.open("/images");
		this.browser.click("#image-form summary");
		this.browser.type("[name=negative_prompt]", "people");
		this.browser.click("#image-make");
		this.browser.awaitText("#image-form .problem", "z_image_turbo has no parameter 'negative_prompt'");
	}

	@Test
	void failureOfATaskIsShownAndItCanBeCanceledAndRetried() {
		this.browser.open("/images");
		this.browser.type("#image-prompt", "FAIL");
		this.browser.click("#image-make");
		this.browser.awaitText("#results .problem", "CUDA out of memory");
		this.browser.type("#image-prompt", "HANG");
		this.browser.click("#image-make");
		this.browser.click("#results [id^=cancel-]");
		this.browser.awaitText("#results .badge", "canceled");
		this.browser.click("#results [id^=retry-]");
		this.browser.click("#results [id^=cancel-]");
		this.browser.awaitText("#results .badge", "canceled");
	}

	@Test
	void speechIsSpoken() {
		this.browser.open("/speech");
		this.browser.click("#speech-form button");
		this.browser.await("#results audio");
	}

	@Test
	void tableIsLive() {
		this.browser.open("/tasks");
		this.browser.awaitText("#live", "No tasks yet");
		String id = this.tasks.submitChat("HANG in the table");
		this.browser.awaitText("#row-" + id, "running");
		this.browser.click("#cancel-" + id);
		this.browser.awaitText("#row-" + id, "canceled");
		String other = this.tasks.submitChat("Hello");
		this.browser.awaitText("#row-" + other, "completed");
		this.browser.click("#row-" + other + " .buttons a");
		this.browser.await(".task .text p");
	}

	@Test
	void buttonIsNotReplacedWhileItIsPressed() {
		this.browser.open("/tasks");
		String id = this.tasks.submitChat("HANG in the table");
		this.browser.awaitText("#row-" + id, "running");
		this.browser.script("document.addEventListener('htmx:afterOnLoad', () => document.body.dataset.updated = '')");
		this.browser.press("#cancel-" + id);
		String other = this.tasks.submitChat("Hello");
		this.browser.await("body[data-updated]");
		this.browser.letGo();
		this.browser.awaitText("#row-" + id, "canceled");
		this.browser.awaitText("#row-" + other, "completed");
	}

	@Test
	void endpointTakesWhatItDeclares() {
		this.browser.open("/endpoints");
		this.browser.awaitText(".endpoints", "free in the queue");
		this.browser.click(".endpoints a[href='/endpoints/llama3_8b_chat']");
		this.browser.type("#field-prompt_input", "Hello");
		this.browser.type("#field-temperature", "0.5");
		this.browser.click("form button[type=submit]");
		this.browser.await("#results .text p");
	}

	@Test
	void nothingHindersAScreenReader() throws IOException {
		fill();
		for (String page : PAGES) {
			this.browser.dark(false);
			this.browser.open(page);
			assertThat(this.browser.axe()).as(page).isEmpty();
		}
		this.browser.dark(true);
		for (String page : List.of("/", "/images", "/tasks")) {
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

	/**
	 * Create tasks, so that every page has content.
	 */
	private void fill() {
		String hill = this.tasks.submit("""
				{"endpoint": "z_image_turbo", "params": {"prompt": "Misty hills at dusk", "width": 512,
				 "height": 352, "seed": 7, "steps": 4}}""");
		String sea = this.tasks.submit("""
				{"endpoint": "z_image_turbo", "params": {"prompt": "The sea in a storm", "width": 512,
				 "height": 352, "seed": 9, "steps": 4}}""");
		String speech = this.tasks.submit("{\"endpoint\": \"xttsv2\", \"params\": {\"text\": \"Good morning\"}}");
		this.tasks.await(this.tasks.submitChat("FAIL at once"), "failed");
		this.tasks.await(this.tasks.submitChat("Tell me a joke"), "completed");
		this.tasks.await(hill, "completed");
		this.tasks.await(sea, "completed");
		this.tasks.await(speech, "completed");
	}

}
