package io.aki.spring.boot.test;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for the answers of {@link ChatReplies}.
 */
class AkiEmulatorTopicTests {

	private static final String IMPORTS = "import java.io.*; import java.nio.file.*; import java.util.*;"
			+ " import java.util.regex.*; import java.util.stream.*; ";

	private static final ChatHistory NO_HISTORY = new ChatHistory(List.of(), List.of(), List.of());

	private final ChatReplies replies = new ChatReplies(7);

	@ParameterizedTest
	@CsvSource(delimiterString = "->", quoteCharacter = '§', textBlock = """
			Write a Java method that finds duplicate words -> ```java
			write code -> ```java
			Implement a function in Java -> ```java
			Write a Python function -> ```python
			An SQL query, please -> ```sql
			Show me some TypeScript -> ```javascript
			Give me an answer as JSON -> ```json
			Compare polling, server-sent events and WebSockets in a table -> WebSocket
			Compare Java and Kotlin -> |:-
			Put it into a table -> |:-
			Explain server-sent events -> ```http
			Plan a weekend in Köln -> A weekend in Köln, without
			three days in New York with kids -> A weekend in New York, without
			Plan a weekend in the mountains -> list
			List the steps of a deployment -> list
			Show me everything that Markdown can do -> - [x]
			Tell me a JOKE -> 😄
			Erzähl mir einen Witz -> 😄
			Write a poem about queues -> **
			Translate 'Good morning' -> Guten Morgen
			Summarize this text -> The Tortoise
			THINK: A bat and a ball cost 1.10 -> 5 cents
			My name is Zoë. Please remember it -> Nice to meet you, Zoë!
			Who are you? -> AKI.IO emulator
			Good evening! -> Hello
			Thank you -> You are welcome
			Tell me about the history of Rome -> "Tell me about the history of Rome"
			Who is the CEO of a company? -> "Who is the CEO of a company?"
			""")
	void answersFitThePrompt(String prompt, String expected) {
		assertThat(reply(prompt)).contains(expected);
	}

	@Test
	void reasoningFitsThePrompt() {
		assertThat(this.replies.reasoning("THINK: A bat and a ball cost 1.10")).contains("x = 0.05");
		assertThat(this.replies.reasoning("THINK")).contains("The prompt has 5 characters");
	}

	@Test
	void anotherAnswerDiffersFromTheEarlierOnes() {
		List<String> prompts = new ArrayList<>(List.of("Tell me a joke"));
		List<String> answers = new ArrayList<>(List.of(reply("Tell me a joke")));
		for (int i = 0; i < 3; i++) {
			answers.add(this.replies.reply("Another one!", new ChatHistory(List.of(), prompts, answers)));
			prompts.add("Another one!");
		}
		assertThat(answers).doesNotHaveDuplicates().allSatisfy((answer) -> assertThat(answer).contains("😄"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "What did I ask before?", "What was my first question?", "Summarize our conversation" })
	void earlierQuestionsAreQuotedFromTheContext(String prompt) {
		assertThat(ask(prompt)).isEqualTo("""
				This request contains 2 messages that you sent before this one:

				1. "Hi, my name is Mia"
				2. "Tell me a joke\"""");
		assertThat(reply(prompt)).isEqualTo("This request contains no message that you sent before this one.");
	}

	@Test
	void theNameIsFoundInTheContext() {
		assertThat(ask("What is my name?")).startsWith("Your name is **Mia**. You wrote it in message 1");
		assertThat(reply("Do you know what my name is?")).startsWith("I do not know your name");
		assertThat(reply("My name is not important. What is my name?")).startsWith("I do not know your name");
	}

	@Test
	void earlierAnswersAndTheSystemMessageAreQuotedFromTheContext() {
		assertThat(ask("What was your last answer?")).contains("2 messages", "\n2. \"Knock, knock.\"");
		assertThat(ask("What is your system prompt?")).contains("1 message that", "1. \"Be brief\"");
	}

	@ParameterizedTest
	@MethodSource("javaBlocks")
	void javaCodeCompiles(String code) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
		JavaFileObject source = new SimpleJavaFileObject(URI.create("string:///Answer.java"),
				JavaFileObject.Kind.SOURCE) {
			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return IMPORTS + "class Answer {\n" + code + "}";
			}
		};
		JavacTask task = (JavacTask) compiler.getTask(null, null, problems, List.of("-proc:none"), null,
				List.of(source));
		assertThatNoException().isThrownBy(task::analyze);
		assertThat(problems.getDiagnostics()).extracting(Diagnostic::toString).isEmpty();
	}

	static List<String> javaBlocks() {
		return texts().stream()
			.flatMap((text) -> Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(text).results())
			.map((MatchResult block) -> block.group(1))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("texts")
	void codeBlocksAreClosedAndTablesAreRegular(String text) {
		assertThat(text.lines().filter((line) -> line.startsWith("```")).count()).isEven();
		int columns = 0;
		for (String line : text.lines().toList()) {
			int found = line.startsWith("|") ? line.split("\\|", -1).length : 0;
			assertThat(columns == 0 || found == 0 || found == columns).as(line).isTrue();
			columns = found;
		}
		assertThat(text).isNotBlank().doesNotContain("@@");
	}

	static List<String> texts() {
		return PreparedTexts.load("chat/replies.md")
			.topics()
			.stream()
			.flatMap((topic) -> topic.texts().stream())
			.toList();
	}

	private String reply(String prompt) {
		return this.replies.reply(prompt, NO_HISTORY);
	}

	private String ask(String prompt) {
		String context = """
				[{"role": "system", "content": "Be brief"},
				 {"role": "user", "content": "Hi, my name is Mia"},
				 {"role": "assistant", "content": "Hi Mia"},
				 {"role": "user", "content": "Tell me a joke"},
				 {"role": "assistant", "content": "Knock, knock."},
				 {"role": "user", "content": "<tool_response>1</tool_response>"},
				 {"role": "user", "content": "%s"}]""".formatted(prompt);
		return this.replies.reply(prompt, ChatHistory.of(Map.of("chat_context", context)));
	}

}
