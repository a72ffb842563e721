package io.aki.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the messages on the troubleshooting page exist in the code. A message
 * consists of string literals of the code. An ellipsis replaces each value that the code
 * inserts between them.
 */
class TroubleshootingTests {

	/** A message is a heading in code style. */
	private static final Pattern MESSAGE = Pattern.compile("^### `(.+)`$", Pattern.MULTILINE);

	private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

	private final MarkdownPage page = MarkdownPage.read(Repository.ROOT.resolve("docs/troubleshooting.md"));

	@Test
	void messagesAreThoseOfTheCode() {
		String sources = sources();
		List<String> messages = messages();
		assertThat(messages).hasSizeGreaterThan(20);
		List<String> unknown = messages.stream()
			.flatMap((message) -> Pattern.compile("…").splitAsStream(message))
			.map(String::strip)
			.filter((part) -> !part.isEmpty())
			.filter((part) -> !sources.contains(part))
			.toList();
		assertThat(unknown).as("not in the sources").isEmpty();
	}

	@Test
	void everyMessageIsExplained() {
		String prose = MESSAGE.matcher(this.page.text()).replaceAll("### message");
		assertThat(prose).doesNotContainPattern("### message\\n+(### message\\n+)*(##|$)");
	}

	private List<String> messages() {
		List<String> messages = new ArrayList<>();
		Matcher matcher = MESSAGE.matcher(this.page.text());
		while (matcher.find()) {
			messages.add(matcher.group(1));
		}
		return messages;
	}

	private static String sources() {
		String sources = Repository.sources().map(Repository::read).collect(Collectors.joining("\n"));
		return CONCATENATION.matcher(sources).replaceAll("").replace("\\\"", "\"");
	}

}
