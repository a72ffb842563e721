package io.aki.sample.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.aki.sample.SampleClient;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorCustomizer;
import io.aki.spring.boot.test.AkiEmulatorEndpoint;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests in a real browser that files are attached to a question, pasted and dropped.
 */
@Import(AttachmentBrowserTests.VisionChat.class)
class AttachmentBrowserTests extends AbstractChatBrowserTests {

	private static final Path PICTURE = Path.of("src/test/resources/picture.png").toAbsolutePath();

	private final JdbcClient jdbc;

	private final SampleClient sample;

	AttachmentBrowserTests(@Autowired AkiEmulator emulator, @Autowired JdbcClient jdbc, @LocalServerPort int port) {
		super(emulator, port);
		this.jdbc = jdbc;
		this.sample = new SampleClient(port);
	}

	@BeforeEach
	void begin() {
		this.browser.phone(false);
		this.browser.dark(false);
		this.emulator.reset();
		this.jdbc.sql("delete from attachment where message_id is null").update();
		open("/");
		this.browser.consoleErrors();
	}

	@Test
	void textIsSentShownAndKept(@TempDir Path directory) throws IOException {
		choose(Files.writeString(directory.resolve("notes.md"), "The notes"));
		awaitFiles("notes.md");
		assertThat(this.browser.script("return document.activeElement.id")).isEqualTo("chat-prompt");
		askAndAwait("Summarize this");
		assertThat(this.emulator.lastCall().params().get("chat_context").toString()).contains("notes.md:")
			.contains("The notes");
		assertThat(this.browser.all("#attachments li")).isEmpty();
		assertThat(this.browser.find("article.user .text").getText()).isEqualTo("Summarize this");
		assertThat(this.browser.find("article.user .attachments").getText()).isEqualTo("notes.md");
		open(path());
		this.browser.awaitText("article.user .attachments", "notes.md");
		assertThat(this.browser.asyncScript("""
				const done = arguments[arguments.length - 1]
				fetch(document.querySelector('article.user .attachments a').href).then((response) => response.text())
					.then(done)""")).isEqualTo("The notes");
		assertThat(this.browser.consoleErrors()).isEmpty();
	}

	@Test
	void imageIsPastedAndDropped() {
		select("vision_chat");
		send("new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true})");
		awaitFiles("picture.png");
		send("new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true})");
		awaitFiles("picture.png", "picture.png");
		this.browser.awaitScript("return [...document.querySelectorAll('#attachments img')]"
				+ ".filter((image) => image.naturalWidth > 0).length === 2");
		askAndAwait("What is this?");
		assertThat(this.emulator.lastCall().params().get("chat_context").toString().split("data:image/png")).hasSize(3);
		open(path());
		this.browser.awaitScript("return [...document.querySelectorAll('article.user img')]"
				+ ".filter((image) => image.naturalWidth > 0).length === 2");
		assertThat(this.browser.consoleErrors()).isEmpty();
	}

	/**
	 * Let an event with a picture happen in the text field.
	 */
	private void send(String event) {
		this.browser.script("""
				const canvas = document.createElement('canvas')
				canvas.toBlob((blob) => {
					const transfer = new DataTransfer()
					transfer.items.add(new File([blob], 'picture.png', {type: 'image/png'}))
					document.getElementById('chat-prompt').dispatchEvent(%s)
				})""".formatted(event));
	}

	@Test
	void textWithAPictureOfItselfIsPastedAsText() {
		Object prevented = this.browser.script("""
				const transfer = new DataTransfer()
				transfer.items.add(new File(['x'], 'picture.png', {type: 'image/png'}))
				transfer.setData('text/plain', 'A cell')
				transfer.setData('text/html', '<td>A cell</td>')
				const event = new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, cancelable: true})
				document.getElementById('chat-prompt').dispatchEvent(event)
				return event.defaultPrevented""");
		assertThat(prevented).isEqualTo(false);
		assertThat(this.browser.all("#attachments li")).isEmpty();
	}

	@Test
	void modelThatReadsNoImagesIsSaidAtOnce() throws IOException {
		choose(PICTURE);
		this.browser.awaitText("#image-problem",
				"LLama 3.x Chat reads no images. Choose another model or remove the file.");
		type("What is this?" + Keys.ENTER);
		assertThat(this.browser.find("#chat-send").isEnabled()).isFalse();
		assertThat(this.browser.all("#log article")).isEmpty();
		assertThat(this.browser.axe()).isEmpty();
		screenshot("chat-attach-refused");
		select("vision_chat");
		this.browser.awaitGone("#image-problem");
		assertThat(this.browser.find("#chat-send").isEnabled()).isTrue();
		select("llama3_8b_chat");
		this.browser.await("#image-problem");
		this.browser.click("#attachments .remove");
		this.browser.awaitGone("#image-problem");
		assertThat(this.browser.find("#chat-send").isEnabled()).isTrue();
	}

	@Test
	void unusableFilesAreRefusedByName(@TempDir Path directory) throws IOException {
		choose(Files.write(directory.resolve("photo.png"), new byte[] { 1, 2, 0, 3 }));
		this.browser.awaitText("#attach-problem", "photo.png is neither a text in UTF-8 nor a PNG");
		assertThat(this.browser.all("#attachments li")).isEmpty();
		choose(Files.write(directory.resolve("large.png"), new byte[11_000_000]));
		this.browser.awaitText("#attach-problem", "large.png is not attached: it has 10.5 MB, at most 10 MB");
		choose(IntStream.rangeClosed(1, 5).mapToObj((number) -> {
			try {
				return Files.writeString(directory.resolve(number + ".txt"), "Text " + number);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}).toArray(Path[]::new));
		awaitFiles("1.txt", "2.txt", "3.txt", "4.txt");
		assertThat(this.browser.find("#attach-problem").getText())
			.isEqualTo("5.txt is not attached: a question can have 4 files.");
		assertThat(this.browser.axe()).isEmpty();
	}

	@Test
	void limitOfFilesThatNoQuestionHasIsShown(@TempDir Path directory) throws IOException {
		IntStream.range(0, 19)
			.forEach((number) -> this.sample.postForm("/api/attachments", number + ".txt",
					Map.of("file", new byte[] { 'x' })));
		choose(Files.writeString(directory.resolve("last.txt"), "last"));
		awaitFiles("last.txt");
		choose(Files.writeString(directory.resolve("more.txt"), "more"));
		this.browser.awaitText("#attach-problem", "You have 20 files that no question uses. Send or remove them");
		awaitFiles("last.txt");
		assertThat(this.browser.axe()).isEmpty();
	}

	@Test
	void textsCountTowardsTheLimit(@TempDir Path directory) throws IOException {
		choose(Files.writeString(directory.resolve("long.txt"), "x".repeat(19_990)));
		awaitFiles("long.txt");
		this.browser.awaitText("#chat-count", "19,990 of 20,000 characters, with the files");
		type("Summarize this" + Keys.ENTER);
		assertThat(this.browser.find("#chat-count").getText())
			.isEqualTo("20,004 of 20,000 characters, with the files: too long");
		assertThat(this.browser.all("#log article")).isEmpty();
	}

	@Test
	void keyboardRemovesFilesAndKeepsTheFocus(@TempDir Path directory) throws IOException {
		choose(Files.writeString(directory.resolve("a.txt"), "a"), Files.writeString(directory.resolve("b.txt"), "b"));
		awaitFiles("a.txt", "b.txt");
		this.browser.script("document.querySelector('#attachments .remove').focus()");
		this.browser.pressKeys(Keys.ENTER);
		awaitFiles("b.txt");
		assertThat(this.browser.script("return document.activeElement.getAttribute('aria-label')"))
			.isEqualTo("Remove b.txt");
		this.browser.pressKeys(Keys.SPACE);
		this.browser.awaitGone("#attachments");
		assertThat(this.browser.script("return document.activeElement.getAttribute('aria-label')"))
			.isEqualTo("Attach a file");
	}

	@Test
	void filesStayWhenAQuestionIsEditedOrAnsweredAgain(@TempDir Path directory) throws IOException {
		choose(Files.writeString(directory.resolve("kept.txt"), "Kept"),
				Files.writeString(directory.resolve("removed.txt"), "Removed"));
		awaitFiles("kept.txt", "removed.txt");
		askAndAwait("First");
		this.browser.click(ANSWER + ".regenerate");
		this.browser.awaitScript("return document.body.classList.contains('answering')");
		awaitEnd();
		assertThat(this.emulator.jobs()).hasSize(2);
		assertThat(lastContext()).contains("Kept").contains("Removed");
		this.browser.script("document.querySelector('#log .edit').click()");
		awaitFiles("kept.txt", "removed.txt");
		this.browser.pressKeys(Keys.ESCAPE);
		assertThat(this.browser.all("#attachments li")).isEmpty();
		this.browser.script("document.querySelector('#log .edit').click()");
		awaitFiles("kept.txt", "removed.txt");
		this.browser.script("document.querySelectorAll('#attachments .remove')[1].click()");
		awaitFiles("kept.txt");
		choose(Files.writeString(directory.resolve("added.txt"), "Added"));
		awaitFiles("kept.txt", "added.txt");
		askAndAwait(", edited");
		assertThat(lastContext()).contains("First, edited")
			.contains("Kept")
			.contains("Added")
			.doesNotContain("Removed");
		open(path());
		this.browser.awaitText("article.user .attachments", "kept.txt\nadded.txt");
	}

	@Test
	void refusedQuestionKeepsItsFiles(@TempDir Path directory) throws IOException {
		choose(Files.writeString(directory.resolve("notes.md"), "The notes"));
		awaitFiles("notes.md");
		loseNextResponse();
		type("Summarize this" + Keys.ENTER);
		this.browser.awaitText("#send-problem", "There is no connection to the server");
		awaitFiles("notes.md");
		askAndAwait("");
		assertThat(this.browser.script("return bodies.length === 2 && bodies[0] === bodies[1]")).isEqualTo(true);
		assertThat(this.emulator.jobs()).as("no second job").hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "false, false", "false, true", "true, false", "true, true" })
	void nothingHindersAScreenReader(boolean phone, boolean dark, @TempDir Path directory) throws IOException {
		String name = "chat-attach-" + (phone ? "phone" : "desktop") + "-" + (dark ? "dark" : "light");
		this.browser.phone(phone);
		this.browser.dark(dark);
		select("vision_chat");
		Path[] files = { PICTURE,
				Files.writeString(directory.resolve("a-file-with-a-rather-long-name-2026.csv"), "a,b"),
				Files.writeString(directory.resolve("Main.java"), "class Main {}") };
		choose(files);
		awaitFiles("picture.png", "a-file-with-a-rather-long-name-2026.csv", "Main.java");
		assertThat(this.browser.axe()).isEmpty();
		screenshot(name + "-composer");
		this.emulator.replies().add(AkiEmulatorReply.text("A picture, a table and a class."));
		askAndAwait("What do these files show?");
		choose(PICTURE);
		awaitFiles("picture.png");
		assertThat(this.browser.axe()).isEmpty();
		this.browser.script("document.getElementById('content').classList.add('drop')");
		screenshot(name);
		assertThat(this.browser.axe()).isEmpty();
		assertThat(this.browser.script("return document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
		assertThat(this.browser.consoleErrors()).isEmpty();
	}

	private void choose(Path... files) {
		this.browser.find("#attach-file")
			.sendKeys(String.join("\n", List.of(files).stream().map(Path::toString).toList()));
	}

	/**
	 * Wait until these files are uploaded.
	 */
	private void awaitFiles(String... names) {
		this.browser.awaitScript("return [...document.querySelectorAll('#attachments li[aria-busy=false] .name')]"
				+ ".map((name) => name.textContent).join('|') === '" + String.join("|", names) + "'");
	}

	/**
	 * Send a question and wait for its answer.
	 */
	private void askAndAwait(String question) {
		ask(question);
		this.browser.awaitText(ANSWER + ".facts", "tokens");
		awaitEnd();
	}

	private String lastContext() {
		return String.valueOf(this.emulator.lastCall().params().get("chat_context"));
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class VisionChat {

		@Bean
		AkiEmulatorCustomizer visionEndpoint() {
			return (builder) -> builder.endpoint(AkiEmulatorEndpoint.chat("vision_chat").media("image"));
		}

	}

}
