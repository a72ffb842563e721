package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the pages with tasks in a real browser.
 */
@Tag("browser")
@SampleTest
@TestInstance(Lifecycle.PER_CLASS)
class WorkBrowserTests {

	private static final List<String> PAGES = List.of("/images", "/speech", "/tasks", "/endpoints",
			"/endpoints/llama3_8b_chat");

	private static final Path PICTURE = Path.of("src/test/resources/picture.png").toAbsolutePath();

	/** Counts the open streams of a page, and lets a test hide the page. */
	private static final String OBSERVER = """
			window.streams = 0
			window.EventSource = class extends EventSource {
				constructor(url) { super(url); window.streams++ }
				close() { super.close(); window.streams-- }
			}
			window.hide = (hidden) => {
				Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})
				document.dispatchEvent(new Event('visibilitychange'))
			}""";

	private final AkiEmulator emulator;

	private final AkiTasks durable;

	private final TaskApi tasks;

	private final int port;

	private final Browser browser;

	WorkBrowserTests(@Autowired AkiEmulator emulator, @Autowired AkiTasks durable, @LocalServerPort int port) {
		this.emulator = emulator;
		this.durable = durable;
		this.tasks = new TaskApi(port);
		this.port = port;
		this.browser = Browser.start(port).orElse(null);
		if (this.browser != null) {
			this.browser.beforeEachPage(OBSERVER);
		}
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
		this.emulator.reset();
		// the reset removed the jobs, so that tasks which a failed test did not finish
		// fail
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			this.durable.find(AkiTaskQuery.all().size(1000)).tasks().forEach((task) -> {
				this.durable.cancel(task.id());
				this.durable.delete(task.id());
			});
			return this.durable.find(AkiTaskQuery.all()).tasks().isEmpty();
		});
		this.browser.width(1280);
		this.browser.dark(false);
		this.browser.errors();
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	@Test
	void pictureIsCreatedAndShownInTheLightbox() throws IOException {
		this.browser.open("/images");
		createPicture("A lighthouse");
		this.browser.await("#results img");
		createPicture("A harbor");
		this.browser.awaitText("#results .card:first-child .state", "completed");
		this.browser.click("#results .card:first-child .picture");
		this.browser.awaitText("#lightbox", "A harbor");
		this.browser.awaitTrue("document.querySelector('#lightbox img').naturalWidth === 768");
		this.browser.screenshot(Path.of("target", "screenshots", "lightbox.png"));
		this.browser.press(Keys.ARROW_RIGHT);
		this.browser.awaitText("#lightbox", "A lighthouse");
		this.browser.press(Keys.ESCAPE);
		this.browser.awaitGone("#lightbox");
		assertThat(this.browser.script("return document.activeElement.className")).isEqualTo("picture");
		assertThat(this.browser.errors()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/images, #image-prompt, #image-make", "/speech, #speech-text, #speech-form [type=submit]" })
	void formWhoseResponseWasLostIsSubmittedAgainWithoutASecondTask(String page, String text, String button)
			throws IOException {
		try (CuttingProxy proxy = new CuttingProxy(this.port, 100)) {
			this.browser.openAt(proxy.port(), page);
			this.browser.type(text, "A lighthouse");
			this.browser.click(button);
			this.browser.awaitText("[data-scope] .problem", "The response of the server is incomplete. Try again.");
			assertThat(proxy.cuts()).isEqualTo(1);
			this.browser.click(button);
			this.browser.awaitText("#results .card:first-child", "A lighthouse");
			assertThat(this.durable.find(AkiTaskQuery.all()).tasks()).hasSize(1);
			this.browser.click(button);
			this.browser.awaitText("#results .card:nth-child(2)", "A lighthouse");
			assertThat(this.durable.find(AkiTaskQuery.all()).tasks()).hasSize(2);
		}
		this.browser.errors();
	}

	@Test
	void serverThatDoesNotAnswerIsReported() {
		this.browser.open("/speech");
		this.browser.script("""
				const timeout = AbortSignal.timeout.bind(AbortSignal)
				AbortSignal.timeout = (millis) => { window.limit = millis; return timeout(100) }
				window.fetch = (url, {signal}) => new Promise((resolve, reject) => {
					signal.addEventListener('abort', () => reject(signal.reason))
				})""");
		this.browser.click("#speech-form [type=submit]");
		this.browser.awaitText("[data-scope] .problem", "The server did not answer in time. Try again.");
		assertThat(this.browser.script("return limit")).isEqualTo(300_000L);
	}

	@Test
	void pictureIsMadeAgainVariedAndEdited() {
		this.browser.open("/images");
		createPicture("A lighthouse");
		this.browser.click("#results [id^=vary-]");
		this.browser.awaitTrue("document.querySelectorAll('#results img').length === 2");
		this.browser.click("#results a[href*='again=']");
		this.browser.awaitTrue("document.querySelector('[name=seed]').value !== ''");
		assertThat(this.browser.find("#image-prompt").getDomProperty("value")).isEqualTo("A lighthouse");
		this.browser.click("#results a[href*='edit=']");
		this.browser.await("#editing img");
		this.browser.awaitTrue("document.getElementById('editing-picture').naturalWidth === 768");
		assertThat(this.browser.find("#image-make").getText()).isEqualTo("Edit");
		assertThat(this.browser.find("#sizes").isDisplayed()).isFalse();
		createPicture("Make it night");
		this.browser.awaitTrue("document.querySelectorAll('#results img').length === 3");
		assertThat(this.emulator.lastCall().path()).contains("qwen_image_edit");
		this.browser.click("#editing-end");
		this.browser.awaitGone("#editing");
		assertThat(this.browser.find("#sizes").isDisplayed()).isTrue();
		createPicture("A new one");
		this.browser.awaitTrue("document.querySelectorAll('#results img').length === 4");
		assertThat(this.emulator.lastCall().path()).contains("z_image_turbo");
	}

	@Test
	void pictureThatIsChosenDroppedOrPastedIsEdited() {
		this.browser.open("/images");
		this.browser.find("#image-file").sendKeys(PICTURE.toString());
		this.browser.await("#editing img");
		createPicture("Make it night");
		this.browser.await("#results img");
		assertThat(this.emulator.lastCall().path()).contains("qwen_image_edit");
		for (String event : List.of("new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true})",
				"new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true})")) {
			this.browser.click("#editing-end");
			this.browser.awaitGone("#editing");
			this.browser.script("""
					const canvas = document.createElement('canvas')
					canvas.toBlob((blob) => {
						const transfer = new DataTransfer()
						transfer.items.add(new File([blob], 'dropped.png', {type: 'image/png'}))
						document.getElementById('image-prompt').dispatchEvent(%s)
					})""".formatted(event));
			this.browser.await("#editing img");
			assertThat(this.browser.script("return document.getElementById('image-file').files[0].name"))
				.isEqualTo("dropped.png");
		}
		assertThat(this.browser.errors()).isEmpty();
	}

	@Test
	void fileThatIsNoPictureIsRefused(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("picture.png"), "This is a text");
		this.browser.open("/images");
		this.browser.find("#image-file").sendKeys(file.toString());
		this.browser.awaitText("#image-form .problem", "PNG, JPEG or WebP");
		assertThat(this.browser.find("#editing").isDisplayed()).isFalse();
		Path large = Files.write(directory.resolve("large.png"), new byte[11_000_000]);
		this.browser.find("#image-file").sendKeys(large.toString());
		this.browser.awaitText("#image-form .problem", "10.5 MB, at most 10 MB");
		this.browser.open("/endpoints/qwen_image_edit");
		this.browser.type("#field-prompt", "Hello");
		this.browser.find("#field-image").sendKeys(file.toString());
		this.browser.click("#endpoint-form [type=submit]");
		this.browser.awaitText("#endpoint-form .problem", "The file is not a PNG, JPEG or WebP picture");
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void longTextIsCountedAndRefusedAndNotCut() {
		this.browser.open("/images");
		this.browser.script("""
				const field = document.getElementById('image-prompt')
				field.value = 'a'.repeat(2001)
				field.dispatchEvent(new Event('input'))""");
		this.browser.awaitText("#image-prompt-counter", "2,001 of 2,000 characters");
		this.browser.click("#image-make");
		this.browser.awaitText("#image-form .problem", "at most 2,000 are allowed");
		assertThat(this.browser.script("return document.getElementById('image-prompt').value.length")).isEqualTo(2001L);
		assertThat(this.emulator.jobs()).isEmpty();
		this.browser.press(Keys.END, Keys.BACK_SPACE);
		this.browser.click("#image-make");
		this.browser.await("#results img");
	}

	@Test
	void refusalIsShownInTheForm() {
		this.browser.open("/images");
		this.browser.click("#image-form summary");
		this.browser.type("#image-prompt", "A hill");
		this.browser.type("[name=negativePrompt]", "people");
		this.browser.click("#image-make");
		this.browser.awaitText("#image-form .problem", "z_image_turbo has no parameter 'negative_prompt'");
	}

	@Test
	void failureIsShownAndTasksAreCanceledRetriedAndDeletedByKeyboard() {
		this.browser.open("/images");
		createPicture("FAIL");
		this.browser.awaitText("#results .failure", "CUDA out of memory");
		createPicture("HANG");
		this.browser.await("#results [id^=cancel-]");
		this.browser.script("document.querySelector('#results [id^=cancel-]').focus()");
		this.browser.press(Keys.ENTER);
		this.browser.awaitText("#results .card:first-child .state", "canceled");
		this.browser.awaitTrue("document.activeElement.matches('[id^=retry-]')");
		this.browser.press(Keys.ENTER);
		this.browser.awaitTrue("document.activeElement.matches('[id^=cancel-]')");
		this.browser.press(Keys.ENTER);
		this.browser.awaitText("#results .card:first-child .state", "canceled");
		this.browser.click("#results .card:first-child [data-action=delete]");
		this.browser.acceptDialog();
		this.browser.awaitTrue("document.querySelectorAll('#results .card').length === 1");
	}

	@Test
	void speechIsSpoken() {
		this.browser.open("/speech");
		this.browser.click("#speech-form [type=submit]");
		this.browser.await("#results audio");
		this.browser.await("#results a[download]");
		assertThat(this.browser.errors()).isEmpty();
	}

	@Test
	void endpointTakesWhatItDeclares() {
		this.browser.open("/endpoints");
		this.browser.awaitText(".endpoints", "free places in the queue");
		this.browser.click(".endpoints a[href='/endpoints/llama3_8b_chat']");
		this.browser.type("#field-prompt_input", "Hello");
		this.browser.type("#field-temperature", "0.5");
		this.browser.click("#endpoint-form [type=submit]");
		this.browser.await("#results .markdown");
	}

	@Test
	void tableIsLive() {
		this.browser.open("/tasks");
		this.browser.awaitText("#content", "There are no tasks here");
		String id = this.tasks.submitChat("HANG in the table");
		this.browser.awaitText("#task-" + id, "running");
		this.browser.awaitText("#filters [data-state=running]", "1");
		this.browser.click("#select-" + id);
		this.browser.click("#cancel-" + id);
		this.browser.awaitText("#task-" + id, "canceled");
		assertThat(this.browser.find("#select-" + id).isSelected()).as("still selected").isTrue();
		String other = this.tasks.submitChat("Hello");
		this.browser.awaitText("#task-" + other, "completed");
		this.browser.awaitText("#filters [data-state=completed]", "1");
		this.browser.click("#task-" + other + " .buttons a");
		this.browser.await(".card .markdown");
		assertThat(this.browser.errors()).isEmpty();
	}

	@Test
	void severalTasksAreCanceledAndDeleted() {
		List<String> ids = List.of(this.tasks.submitChat("HANG 1"), this.tasks.submitChat("HANG 2"),
				this.tasks.submitChat("HANG 3"));
		this.browser.open("/tasks");
		this.browser.await("#task-" + ids.get(2));
		assertThat(this.browser.find("#bulk-cancel").isEnabled()).isFalse();
		this.browser.click("#select-all");
		this.browser.awaitText("#selected", "3 selected");
		this.browser.click("#bulk-cancel");
		ids.forEach((id) -> this.browser.awaitText("#task-" + id, "canceled"));
		this.browser.click("#select-" + ids.get(0));
		this.browser.click("#select-" + ids.get(1));
		this.browser.click("#bulk-delete");
		this.browser.acceptDialog();
		this.browser.awaitGone("#task-" + ids.get(0));
		this.browser.awaitGone("#task-" + ids.get(1));
		assertThat(this.browser.all("#results tr")).hasSize(1);
	}

	@Test
	void buttonIsNotReplacedWhileItIsPressed() {
		String id = this.tasks.submitChat("HANG in the table");
		this.browser.open("/tasks");
		this.browser.awaitText("#task-" + id, "running");
		this.browser.press("#cancel-" + id);
		String other = this.tasks.submitChat("Hello");
		this.tasks.await(other, "completed");
		this.browser.awaitText("#filters [data-state=completed]", "1");
		this.browser.letGo();
		this.browser.awaitText("#task-" + id, "canceled");
		this.browser.awaitText("#task-" + other, "completed");
	}

	@Test
	void sevenTabsWork() {
		for (int i = 0; i < 7; i++) {
			this.browser.openTab("/tasks", OBSERVER);
			this.browser.awaitTrue("!document.hidden && window.streams === 1");
		}
		String id = this.tasks.submitChat("Hello");
		this.browser.awaitText("#task-" + id, "completed");
		this.browser.click("#task-" + id + " [data-action=delete]");
		this.browser.acceptDialog();
		this.browser.awaitGone("#task-" + id);
		this.browser.closeOtherTabs();
	}

	@Test
	void hiddenPageHasNoStreamAndIsUpdatedWhenItIsShown() {
		this.browser.open("/tasks");
		this.browser.awaitTrue("window.streams === 1");
		this.browser.script("window.hide(true)");
		this.browser.awaitTrue("window.streams === 0");
		String id = this.tasks.submitChat("Hello");
		this.tasks.await(id, "completed");
		assertThat(this.browser.all("#task-" + id)).isEmpty();
		this.browser.script("window.hide(false)");
		this.browser.awaitText("#task-" + id, "completed");
	}

	@Test
	void onlyWhatHasChangedIsFetched() {
		this.browser.open("/images");
		assertThat(this.browser.script("return window.streams")).as("nothing to wait for").isEqualTo(0L);
		createPicture("A lighthouse");
		this.browser.awaitText("#results .card:first-child .state", "completed");
		this.browser.awaitTrue("window.streams === 0");
		assertThat(requests("/tasks/changed")).as("of a picture with several steps").isBetween(1L, 5L);
		this.browser.open("/tasks");
		this.browser.awaitTrue("window.streams === 1");
		for (int i = 0; i < 3; i++) {
			this.tasks.submitChat("HANG " + i);
		}
		this.browser.awaitText("#filters [data-state=running]", "3");
		long before = requests("/tasks");
		String hello = this.tasks.submitChat("THINK about the sea");
		this.tasks.await(hello, "completed");
		this.browser.awaitText("#task-" + hello, "completed");
		assertThat(requests("/tasks") - before).as("for one task among others").isLessThanOrEqualTo(5);
		// the performance buffer has a limit
		assertThat(requests("/")).isLessThan(100);
	}

	private long requests(String path) {
		return (Long) this.browser
			.script("return performance.getEntriesByType('resource').filter((entry) => new URL(entry.name)"
					+ ".pathname.startsWith(arguments[0]) && entry.initiatorType === 'fetch').length", path);
	}

	@Test
	void pagesAreAccessibleAndFitTheScreen() throws IOException {
		fill();
		String single = "/tasks/" + this.tasks.tasks().get(0).path("task_id").asString();
		String edit = "/images?edit=" + this.tasks.tasks()
			.stream()
			.filter((task) -> task.path("endpoint").asString().equals("z_image_turbo")
					&& task.path("status").asString().equals("completed"))
			.findFirst()
			.orElseThrow()
			.path("task_id")
			.asString() + "/0";
		List<String> pages = new ArrayList<>(PAGES);
		pages.addAll(List.of(single, edit, "/tasks?state=failed"));
		for (boolean dark : new boolean[] { false, true }) {
			this.browser.dark(dark);
			for (int width : dark ? new int[] { 1280, 390 } : new int[] { 1280, 390, 1920 }) {
				this.browser.width(width);
				for (String page : pages) {
					String name = page + ", " + width + " px" + (dark ? ", dark" : "");
					this.browser.open(page);
					assertThat(this.browser
						.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
						.as("overflow of " + name)
						.isEqualTo(0L);
					assertThat(this.browser.script("""
							const nav = document.querySelector('nav')
							return nav.scrollWidth - nav.clientWidth""")).as("hidden links of " + name).isEqualTo(0L);
					if (width == 1280 || (width == 390 && !dark)) {
						assertThat(this.browser.axe()).as(name).isEmpty();
					}
					if (Boolean.getBoolean("screenshots")) {
						this.browser.screenshot(Path.of("target", "screenshots",
								page.replaceAll("[0-9a-f-]{36}", "id").replaceAll("\\W+", "_") + "-" + width + "-"
										+ (dark ? "dark" : "light") + ".png"));
					}
				}
			}
		}
		assertThat(this.browser.errors()).isEmpty();
	}

	private void createPicture(String prompt) {
		this.browser.type("#image-prompt", prompt);
		this.browser.click("#image-make");
		this.browser.awaitText("#results .card:first-child", prompt);
	}

	/**
	 * Create tasks in all states, so that every page has content.
	 */
	private void fill() {
		String image = "{\"endpoint\": \"z_image_turbo\", \"params\": {\"prompt\": \"%s\", \"width\": 768, \"height\": 512}}";
		String hill = this.tasks.submit(image.formatted("Misty hills at dusk"));
		String sea = this.tasks.submit(image.formatted("The sea in a storm ".repeat(12)));
		String speech = this.tasks.submit("{\"endpoint\": \"xttsv2\", \"params\": {\"text\": \"Good morning\"}}");
		this.tasks.await(this.tasks.submitChat("FAIL at once"), "failed");
		this.tasks.await(this.tasks.submitChat("Averylongwordwithoutanyspace".repeat(10)), "completed");
		this.tasks.await(hill, "completed");
		this.tasks.await(sea, "completed");
		this.tasks.await(speech, "completed");
		this.tasks.awaitJob(this.tasks.submit(image.formatted("HANG: a castle")));
		this.tasks.submit(image.formatted("A queue of people"));
		this.tasks.awaitJob(this.tasks.submitChat("HANG: a long answer"));
		this.tasks.await(this.tasks.submitChat("\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd THINK"), "completed");
	}

}
