package io.aki.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the links, the anchors and the code blocks of a Markdown file.
 */
record MarkdownPage(Path file, String text) {

	private static final Pattern BLOCK = Pattern.compile(
			"(?:^<!-- snippet: (?<snippet>\\S+) -->\\n)?^```(?<language>\\w*)\\n(?<code>.*?)^```$"
					+ "(?<details>\\n\\n<details>\\n<summary>(?:Imports|Gradle)</summary>\\n.*?^</details>$)?",
			Pattern.MULTILINE | Pattern.DOTALL);

	private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?)\\s*#*$", Pattern.MULTILINE);

	private static final Pattern ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)(?: \"[^\"]*\")?\\)");

	private static final Pattern REFERENCE = Pattern.compile("^\\[[^\\]]+\\]: *(\\S+)", Pattern.MULTILINE);

	private static final Pattern CODE_SPAN = Pattern.compile("(`+)[^`].*?\\1", Pattern.DOTALL);

	static MarkdownPage read(Path file) {
		return new MarkdownPage(file, Repository.read(file));
	}

	String name() {
		return Repository.ROOT.relativize(this.file).toString();
	}

	List<Block> blocks() {
		List<Block> blocks = new ArrayList<>();
		Matcher matcher = BLOCK.matcher(this.text);
		while (matcher.find()) {
			blocks.add(new Block(matcher.group("snippet"), matcher.group("language"), matcher.group("code"),
					(matcher.group("details") != null) ? matcher.group("details") : "", matcher.start("code"),
					matcher.end()));
		}
		return blocks;
	}

	/**
	 * Return the anchors. GitHub creates an anchor for each heading: in lower case,
	 * without punctuation, and with a hyphen for each space. Equal anchors are numbered.
	 */
	Set<String> anchors() {
		Set<String> anchors = new LinkedHashSet<>();
		Map<String, Integer> count = new HashMap<>();
		String prose = BLOCK.matcher(this.text).replaceAll("");
		Matcher heading = HEADING.matcher(prose);
		while (heading.find()) {
			String anchor = heading.group(1)
				.replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
				.replace(' ', '-');
			int before = count.merge(anchor, 1, Integer::sum) - 1;
			anchors.add((before == 0) ? anchor : anchor + "-" + before);
		}
		Matcher anchor = ANCHOR.matcher(prose);
		while (anchor.find()) {
			anchors.add(anchor.group(1));
		}
		return anchors;
	}

	/**
	 * Return the targets of links and images outside of code.
	 */
	List<String> links() {
		String prose = CODE_SPAN.matcher(BLOCK.matcher(this.text).replaceAll("")).replaceAll("");
		List<String> links = new ArrayList<>();
		for (Pattern pattern : List.of(LINK, REFERENCE)) {
			Matcher link = pattern.matcher(prose);
			while (link.find()) {
				links.add(link.group(1));
			}
		}
		return links;
	}

	void write(String text) {
		try {
			Files.writeString(this.file, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A fenced code block, and the collapsed details below it.
	 *
	 * @param snippet the region of a test that it shows, or {@code null}
	 * @param language the language
	 * @param code the code
	 * @param details the details with the imports or the dependencies of Gradle, or an
	 * empty text
	 * @param start the index of the start of the code in the page
	 * @param end the index of the end of the block and its details in the page
	 */
	record Block(@Nullable String snippet, String language, String code, String details, int start, int end) {

	}

}
