package io.aki.sample.browser;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorCustomizer;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the Chat page in a real browser.
 */
@Import(ChatBrowserTests.Endpoints.class)
class ChatBrowserTests extends AbstractChatBrowserTests {

	private static final String WIDE = "w".repeat(300) + "\n\n| " + "column | ".repeat(30) + "\n|" + "---|".repeat(30)
			+ "\n| " + "value | ".repeat(30) + "\n\n```java\nString wide = \"" + "x".repeat(300) + "\";\n```\n\n";

	private static final String LONG = WIDE + "A paragraph of words that takes a while to write.\n\n".repeat(60);

	ChatBrowserTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		super(emulator, port);
	}

	@BeforeEach
	void begin() {
		this.browser.touch(false);
		this.browser.size(1280, 900);
		this.browser.dark(false);
		deleteConversations();
		this.emulator.reset();
		open("/");
		this.browser.consoleErrors();
	}

	private void deleteConversations() {
		this.browser.open("/");
		this.browser.script("""
				return (async () => {
					const {api} = await import('/chat-api.js')
					for (const {id} of await api.conversations('')) {
						await api.remove(id)
					}
				})()""");
	}

	@Test
	void answerIsStreamedAndKept() {
		ask("THINK about the sea");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		String text = this.browser.find(ANSWER + ".text").getText();
		assertThat(text).isNotBlank().doesNotContain("<think>");
		assertThat(this.browser.find(ANSWER + ".thinking").isDisplayed()).isTrue();
		assertThat(this.browser.find(ANSWER + ".thinking > div").isDisplayed()).as("folded").isFalse();
		assertThat(this.browser.find("#chat-title").getText()).isEqualTo("THINK about the sea");
		this.browser.awaitText("#conversations [aria-current]", "THINK about the sea");
		open(path());
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.find(ANSWER + ".text").getText()).isEqualTo(text);
		assertThat(this.browser.find("article.user .text").getText()).isEqualTo("THINK about the sea");
		ask("Tell me a joke");
		this.browser.awaitScript("return document.querySelectorAll('#log article').length === 4");
		awaitEnd();
		assertThat(this.browser.consoleErrors()).isEmpty();
	}

	@Test
	void leavingInMidStreamLosesNothing() {
		this.emulator.replies().add(AkiEmulatorReply.text(LONG));
		ask("Tell me a lot");
		this.browser.await(ANSWER + ".text p");
		String path = path();
		this.browser.open("/speech");
		open(path);
		this.browser.await(ANSWER + "[aria-busy] .text p, " + ANSWER + ".text p");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.all(ANSWER + ".text > p")).hasSize(61);
		assertThat(this.emulator.jobs()).singleElement().satisfies((job) -> assertThat(job.cancelRequests()).isZero());
	}

	@Test
	void hiddenPageHasNoConnection() {
		this.emulator.replies().add(AkiEmulatorReply.text(LONG));
		this.browser.script("""
				const original = window.fetch
				window.streams = []
				window.fetch = (url, options) => {
					if (String(url).endsWith('/events')) {
						streams.push(options.signal)
					}
					return original(url, options)
				}""");
		ask("Tell me a lot");
		this.browser.await(ANSWER + ".text p");
		setHidden(true);
		assertThat(this.browser.script("return streams.map((signal) => signal.aborted)")).isEqualTo(List.of(true));
		setHidden(false);
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.script("return streams.length")).isEqualTo(2L);
		assertThat(this.browser.all(ANSWER + ".text > p")).hasSize(61);
	}

	private void setHidden(boolean hidden) {
		this.browser.script("Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});"
				+ " document.dispatchEvent(new Event('visibilitychange'))", hidden);
	}

	@Test
	void doubleClickOnSendDoesNotStop() {
		type("HANG");
		this.browser.script("""
				const {x, y} = document.getElementById('chat-send').getBoundingClientRect()
				document.elementFromPoint(x + 9, y + 9).closest('button').click()
				document.elementFromPoint(x + 9, y + 9).closest('button').click()""");
		this.browser.awaitText(ANSWER + ".waiting", "Working …");
		assertThat(onlyJob().cancelRequests()).isZero();
		this.browser.script("document.getElementById('chat-prompt').focus()");
		this.browser.pressKeys(Keys.ESCAPE);
		this.browser.awaitText(ANSWER + ".facts", "Stopped");
		awaitState("canceled");
	}

	@Test
	void stopBeforeTheFirstEventCancels() {
		type("HANG");
		this.browser.script("""
				document.getElementById('chat-send').click()
				document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))""");
		this.browser.awaitText(ANSWER + ".facts", "Stopped");
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.emulator.jobs()).extracting(AkiEmulatorJob::state)
				.doesNotContain("running", "queued"));
	}

	@Test
	void stopButtonStops() {
		ask("HANG");
		this.browser.awaitText(ANSWER + ".waiting", "Working …");
		this.browser.awaitScript("document.getElementById('chat-stop').click();"
				+ " return document.querySelector('.waiting').textContent.startsWith('Stopping')"
				+ " || document.querySelector('.facts').textContent.includes('Stopped')");
		this.browser.awaitText(ANSWER + ".facts", "Stopped");
		awaitState("canceled");
	}

	@Test
	void failureHasAReasonAndCanBeTriedAgain() {
		ask("FAIL");
		this.browser.awaitText(ANSWER + ".problem", "CUDA out of memory");
		String first = this.browser.find(ANSWER.strip()).getDomAttribute("data-id");
		this.browser.click(ANSWER + ".again");
		this.browser.awaitScript("return document.querySelector('#log article:last-child .problem').textContent !== ''"
				+ " && document.querySelector('#log article:last-child').dataset.id !== '" + first + "'");
		awaitEnd();
		assertThat(this.browser.all("#log article")).hasSize(2);
		assertThat(this.emulator.jobs()).hasSize(2);
	}

	@Test
	void answerIsWrittenAgain() {
		this.emulator.replies().add(AkiEmulatorReply.text("First answer.")).add(AkiEmulatorReply.text("Other answer."));
		ask("Question");
		this.browser.awaitText(ANSWER + ".text", "First answer.");
		awaitEnd();
		this.browser.click(ANSWER + ".regenerate");
		this.browser.awaitText(ANSWER + ".text", "Other answer.");
		awaitEnd();
		assertThat(this.browser.all("#log article")).hasSize(2);
	}

	@Test
	void questionIsEditedInAModeOfItsOwn() throws IOException {
		ask("First question");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		ask("Second question");
		this.browser.awaitScript("return document.querySelectorAll('#log article').length === 4");
		awaitEnd();
		this.browser.script("document.querySelector('#log .edit').click()");
		this.browser.awaitText("#editing", "Sending replaces it");
		assertThat(this.browser.all(".replaced")).hasSize(4);
		assertThat(this.browser.axe()).isEmpty();
		screenshot("chat-editing");
		this.browser.pressKeys(Keys.ESCAPE);
		assertThat(this.browser.all(".replaced")).isEmpty();
		assertThat(this.browser.find("#chat-prompt").getDomProperty("value")).isEmpty();
		this.browser.script("document.querySelector('#log .edit').click()");
		ask(", but another one");
		this.browser.awaitScript("return document.querySelectorAll('#log article').length === 2");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.find("article.user .text").getText()).isEqualTo("First question, but another one");
	}

	@Test
	void requestThatIsRefusedKeepsTheText() {
		loseNextResponse();
		type("Tell me a joke" + Keys.ENTER);
		this.browser.awaitText("#send-problem", "There is no connection to the server");
		assertThat(this.browser.find("#chat-prompt").getDomProperty("value")).isEqualTo("Tell me a joke");
		this.browser.pressKeys(Keys.ENTER);
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.script("return bodies.length === 2 && bodies[0] === bodies[1]")).isEqualTo(true);
		assertThat(this.emulator.jobs()).as("no second job").hasSize(1);
	}

	@Test
	void limitOfCharactersIsShownAndRefused() throws IOException {
		setPrompt("x".repeat(18_000));
		assertThat(this.browser.find("#chat-count").getText()).isEmpty();
		setPrompt("x".repeat(18_500));
		assertThat(this.browser.find("#chat-count").getText()).isEqualTo("18,500 of 20,000 characters");
		setPrompt("x".repeat(20_001));
		assertThat(this.browser.find("#chat-count").getText()).isEqualTo("20,001 of 20,000 characters: too long");
		assertThat(this.browser.axe()).isEmpty();
		this.browser.script("document.getElementById('chat-prompt').focus()");
		this.browser.pressKeys(Keys.ENTER);
		assertThat(this.browser.all("#log article")).isEmpty();
		assertThat(this.browser.find("#chat-prompt").getDomProperty("value")).hasSize(20_001);
	}

	private void setPrompt(String text) {
		this.browser.script("""
				const prompt = document.getElementById('chat-prompt')
				prompt.value = arguments[0]
				prompt.dispatchEvent(new Event('input'))""", text);
	}

	@Test
	void enterStartsALineOnATouchScreen() {
		this.browser.touch(true);
		type("One" + Keys.ENTER + "two");
		assertThat(this.browser.find("#chat-prompt").getDomProperty("value")).isEqualTo("One\ntwo");
		this.browser.click("#chat-send");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.find("article.user .text").getText()).isEqualTo("One\ntwo");
	}

	@Test
	void noWorkerOnlineIsSaid() throws IOException {
		select("idle_chat");
		ask("Hello");
		this.browser.awaitText(ANSWER + ".waiting", "No worker for this model is online");
		screenshot("chat-no-worker");
	}

	@Test
	void queuedIsNotRunning() {
		select("busy_chat");
		ask("HANG");
		this.browser.awaitText(ANSWER + ".waiting", "Working …");
		open("/");
		select("busy_chat");
		ask("Hello");
		this.browser.awaitText(ANSWER + ".waiting", "Waiting for a worker");
	}

	@Test
	void settingsReachTheModel() throws IOException {
		this.browser.click("#open-settings");
		this.browser.type("#setting-system", "Be kind");
		this.browser.type("#setting-temperature", "0.5");
		assertThat(this.browser.axe()).isEmpty();
		screenshot("chat-settings");
		this.browser.click("#settings-save");
		this.browser.awaitGone("#settings");
		ask("Hello");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.emulator.lastCall().params().toString()).contains("Be kind");
		this.browser.click("#open-settings");
		this.browser.type("#setting-system", "Be brief");
		this.browser.click("#settings-save");
		this.browser.awaitGone("#settings");
		open(path());
		this.browser.await(ANSWER + ".facts");
		this.browser.click("#open-settings");
		assertThat(this.browser.find("#setting-system").getDomProperty("value")).isEqualTo("Be brief");
		assertThat(this.browser.find("#setting-temperature").getDomProperty("value")).isEqualTo("0.5");
	}

	@Test
	void conversationsAreFoundRenamedAndDeleted() throws IOException {
		ask("A question about storms");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		this.browser.click("[data-new-chat]");
		this.browser.await("#welcome");
		assertThat(path()).isEqualTo("/");
		ask("Another one");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		this.browser.awaitScript("return document.querySelectorAll('#conversations li').length === 2");
		this.browser.type("#conversation-search", "storms");
		this.browser.awaitScript("return document.querySelectorAll('#conversations li').length === 1");
		this.browser.click("#conversations a");
		this.browser.awaitText("#chat-title", "A question about storms");
		this.browser.awaitText("article.user .text", "A question about storms");
		this.browser.script("document.querySelector('#conversations .rename').click()");
		this.browser.pressKeys("Storms" + Keys.ENTER);
		this.browser.awaitText("#conversations", "Storms");
		assertThat(this.browser.find("#chat-title").getText()).isEqualTo("Storms");
		this.browser.script("document.querySelector('#conversations .delete').click()");
		this.browser.awaitText("#delete-dialog", "Storms");
		assertThat(this.browser.axe()).isEmpty();
		this.browser.click("#delete-dialog .danger");
		this.browser.await("#no-conversations");
		this.browser.await("#welcome");
		assertThat(path()).isEqualTo("/");
		this.browser.script("history.back()");
		this.browser.awaitText("#load-problem", "no such conversation");
	}

	@Test
	void backAndForwardShowTheConversations() {
		ask("Tell me a joke");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		this.browser.script("history.back()");
		this.browser.await("#welcome");
		assertThat(this.browser.all("#log article")).isEmpty();
		this.browser.script("history.forward()");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
	}

	@Test
	void readerWhoScrollsUpIsLeftAlone() {
		this.emulator.replies().add(AkiEmulatorReply.text(LONG));
		ask("Tell me a lot");
		this.browser.awaitScript("return messages.scrollHeight > messages.clientHeight + 300");
		this.browser.script("messages.scrollTop = 0");
		this.browser.await("#jump");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.script("return messages.scrollTop")).isEqualTo(0L);
		this.browser.click("#jump");
		this.browser.awaitGone("#jump");
		assertThat(this.browser.script("return messages.scrollHeight - messages.scrollTop - messages.clientHeight < 2"))
			.isEqualTo(true);
	}

	@ParameterizedTest
	@ValueSource(ints = { 390, 1280, 1920 })
	void nothingOverflowsWhileTheAnswerIsWritten(int width) throws IOException {
		this.browser.size(width, 900);
		this.emulator.replies().add(AkiEmulatorReply.text(LONG));
		ask("Tell me a lot " + "w".repeat(200));
		this.browser.awaitScript("""
				const article = document.querySelector('#log article:last-child')
				if (article.getAttribute('aria-busy') !== 'true' || !article.querySelector('.table')
						|| !article.querySelector('.hljs-string')) {
					return false
				}
				const box = messages.getBoundingClientRect()
				window.overflow = [...document.querySelectorAll('#log article, #log .text > *, #log p')]
					.filter((element) => element.getBoundingClientRect().right > box.right
						|| element.scrollWidth > element.clientWidth + 1 && !element.matches('.table, pre'))
					.map((element) => element.outerHTML.slice(0, 100))
				return true""");
		screenshot("chat-busy-" + width);
		assertThat(this.browser.script("return overflow")).isEqualTo(List.of());
		assertThat(this.browser.script("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
	}

	@Test
	void keyboardReachesEverything() {
		this.browser.script("document.getElementById('chat-prompt').focus()");
		this.browser.pressKeys("HANG" + Keys.TAB);
		assertThat(focused()).isEqualTo("attach");
		this.browser.pressKeys(Keys.TAB);
		assertThat(focused()).isEqualTo("model");
		this.browser.pressKeys(Keys.TAB);
		assertThat(focused()).isEqualTo("open-settings");
		this.browser.pressKeys(Keys.ENTER);
		this.browser.await("#settings");
		this.browser.pressKeys(Keys.ESCAPE);
		this.browser.awaitGone("#settings");
		assertThat(focused()).isEqualTo("open-settings");
		this.browser.pressKeys(Keys.TAB);
		assertThat(focused()).isEqualTo("chat-send");
		this.browser.pressKeys(Keys.ENTER);
		this.browser.await("#chat-stop");
		assertThat(focused()).isEqualTo("chat-stop");
		this.browser.awaitText(ANSWER + ".waiting", "Working …");
		this.browser.pressKeys(Keys.ESCAPE);
		this.browser.awaitText(ANSWER + ".facts", "Stopped");
		assertThat(focused()).isEqualTo("chat-send");
	}

	private Object focused() {
		return this.browser.script("return document.activeElement.id");
	}

	@ParameterizedTest
	@CsvSource({ "false, false", "false, true", "true, false", "true, true" })
	void nothingHindersAScreenReader(boolean phone, boolean dark) throws IOException {
		String name = "chat-" + (phone ? "phone" : "desktop") + "-" + (dark ? "dark" : "light");
		this.emulator.replies().add(AkiEmulatorReply.text(MarkdownBrowserTests.TEXT));
		ask("THINK about the sea");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		ask("FAIL");
		this.browser.awaitText(ANSWER + ".problem", "CUDA out of memory");
		String path = path();
		this.browser.phone(phone);
		this.browser.dark(dark);
		open("/");
		assertThat(this.browser.axe()).isEmpty();
		screenshot(name + "-new");
		open(path);
		this.browser.await(ANSWER + ".problem");
		assertThat(this.browser.axe()).isEmpty();
		screenshot(name);
		if (phone) {
			this.browser.click("#open-sidebar");
			this.browser.await("#conversations a");
			assertThat(this.browser.axe()).isEmpty();
			screenshot(name + "-conversations");
			this.browser.click("#conversations a");
			this.browser.awaitGone("#sidebar");
		}
		assertThat(this.browser.script("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
		assertThat(this.browser.consoleErrors()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bordersOfControlsAreVisible(boolean dark) {
		this.browser.dark(dark);
		assertThat(this.browser
			.script("""
					const luminance = (color) => {
						const [r, g, b] = color.match(/[\\d.]+/g).map((part) => part / 255)
							.map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
						return 0.2126 * r + 0.7152 * g + 0.0722 * b
					}
					const background = (element) => {
						const {backgroundColor} = getComputedStyle(element)
						return /rgba\\(.*, 0\\)/.test(backgroundColor) ? background(element.parentElement) : backgroundColor
					}
					document.getElementById('chat-prompt').blur()
					document.getElementById('open-settings').click()
					return [...document.querySelectorAll('.composer form, .new-chat, #sidebar input, .suggestion, #settings :is(input, textarea)')]
						.map((element) => {
							const [dark, light] = [getComputedStyle(element).borderTopColor, background(element.parentElement)]
								.map(luminance).sort((a, b) => a - b)
							return (light + 0.05) / (dark + 0.05)
						})
						.every((contrast) => contrast >= 3)"""))
			.isEqualTo(true);
	}

	private AkiEmulatorJob onlyJob() {
		assertThat(this.emulator.jobs()).hasSize(1);
		return this.emulator.jobs().get(0);
	}

	private void awaitState(String state) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(onlyJob().state()).isEqualTo(state));
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Endpoints {

		@Bean
		AkiEmulatorCustomizer busyAndIdleEndpoint() {
			return (builder) -> builder.endpoint(AkiEmulatorEndpoint.chat("busy_chat"))
				.workers("busy_chat", 1)
				.endpoint(AkiEmulatorEndpoint.chat("idle_chat"))
				.workers("idle_chat", 0);
		}

	}

}
