package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import io.aki.sample.SampleTest;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
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
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the Assistant page in a real browser.
 */
@Tag("browser")
@SampleTest
@TestInstance(Lifecycle.PER_CLASS)
class AssistantBrowserTests {

	private static final String ANSWER = "article.assistant:last-child ";

	private final AkiEmulator emulator;

	private final Browser browser;

	AssistantBrowserTests(@Autowired AkiEmulator emulator, @LocalServerPort int port) {
		this.emulator = emulator;
		this.browser = Browser.start(port).orElse(null);
	}

	@BeforeEach
	void begin() {
		Assumptions.assumeTrue(this.browser != null, "There is no Chromium with its driver on this machine");
		this.emulator.reset();
		this.browser.phone(false);
		this.browser.dark(false);
		this.browser.forgetCookies();
		this.browser.open("/assistant");
	}

	@AfterAll
	void quit() {
		if (this.browser != null) {
			this.browser.close();
		}
	}

	@Test
	void toolIsShownBetweenQuestionAndAnswer() {
		this.browser.click(".suggestion");
		this.browser.awaitText("article.user", "What is the weather in Berlin?");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		assertThat(this.browser.find(ANSWER + ".tools").getText()).startsWith("weather city: Berlin\nBerlin: ")
			.endsWith("(an invented value)");
		assertThat(this.browser.find(ANSWER + ".text").getText()).startsWith("The tool weather says: ");
		assertThat(this.browser.all(".running")).isEmpty();
	}

	@Test
	void conversationIsKeptUntilANewOneBegins() {
		ask("Tell me a joke");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		String answer = this.browser.find(ANSWER + ".text").getText();
		this.browser.open("/assistant");
		this.browser.awaitText("article.user", "Tell me a joke");
		assertThat(this.browser.find(ANSWER + ".text").getText()).isEqualTo(answer);
		this.browser.click("#assistant-new");
		this.browser.await("#welcome");
		assertThat(this.browser.all("article")).isEmpty();
	}

	@Test
	void stopCancelsTheJob() throws IOException {
		ask("HANG");
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !this.emulator.jobs().isEmpty());
		this.browser.await("#assistant-stop");
		screenshot("assistant-working");
		this.browser.click("#assistant-stop");
		this.browser.awaitText(ANSWER + ".facts", "Stopped");
		awaitCanceledJob();
		ask("Tell me a joke");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
	}

	@Test
	void leavingThePageCancelsTheJob() {
		ask("HANG");
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !this.emulator.jobs().isEmpty());
		this.browser.open("/speech");
		awaitCanceledJob();
	}

	@Test
	void failureIsShown() {
		ask("FAIL");
		this.browser.awaitText(ANSWER + ".problem", "CUDA out of memory");
		this.browser.await("#assistant-send");
	}

	@Test
	void refusalIsShown() {
		this.browser.script("document.getElementById('assistant-question').maxLength = 5000");
		this.browser.script("document.getElementById('assistant-question').value = 'x'.repeat(4001)");
		this.browser.find("#assistant-question").sendKeys(Keys.ENTER);
		this.browser.awaitText(ANSWER + ".problem", "text size must be between 0 and 4000");
	}

	@Test
	void markupOfAToolIsText() {
		this.emulator.replies().add(AkiEmulatorReply.toolCall("weather", Map.of("city", "<i>Rome</i>")));
		ask("How warm is it?");
		this.browser.awaitText(ANSWER + ".tools", "<i>Rome</i>: ");
		this.browser.awaitText(ANSWER + ".text", "<i>Rome</i>: ");
		assertThat(this.browser.find(ANSWER + ".tools code").getText()).isEqualTo("city: <i>Rome</i>");
		assertThat(this.browser.all("i")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "false, false", "false, true", "true, false", "true, true" })
	void nothingHindersAScreenReader(boolean phone, boolean dark) throws IOException {
		this.browser.phone(phone);
		this.browser.dark(dark);
		assertThat(this.browser.axe()).isEmpty();
		String name = "assistant-" + (phone ? "phone" : "desktop") + "-" + (dark ? "dark" : "light");
		screenshot(name + "-empty");
		ask("What is the weather in Berlin?");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		ask("THINK about what time it is in Tokyo");
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		ask("FAIL");
		this.browser.awaitText(ANSWER + ".problem", "CUDA out of memory");
		assertThat(this.browser.axe()).isEmpty();
		assertThat(this.browser.script("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
		screenshot(name);
	}

	private void screenshot(String name) throws IOException {
		this.browser.screenshot(Path.of("target", "screenshots", name + ".png"));
	}

	private void ask(String question) {
		this.browser.type("#assistant-question", question + Keys.ENTER);
	}

	private void awaitCanceledJob() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.emulator.jobs()).singleElement()
				.extracting(AkiEmulatorJob::state)
				.isEqualTo("canceled"));
	}

}
