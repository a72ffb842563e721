package io.aki.docs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.aki.docs.MarkdownPage.Block;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the code in the documentation is the code of the tests, and that each link
 * has a target. To update the code in the documentation:
 * {@code mvn test -pl aki-spring-boot-autoconfigure -Dtest='io.aki.docs.*Tests' -Dupdate-docs=true}
 */
class DocumentationTests {

	private static final boolean UPDATE = Boolean.getBoolean("update-docs");

	private static final Set<String> TESTED_LANGUAGES = Set.of("java", "kotlin");

	private static final String FENCE = "```";

	static List<MarkdownPage> pages() {
		return Repository.pages();
	}

	@Test
	void allPagesAreLookedAt() {
		assertThat(pages()).extracting(MarkdownPage::name)
			.contains("README.md", "aki-sample-app/README.md", "docs/README.md", "docs/guide.md", "docs/resilience.md",
					"CHANGELOG.md", "CONTRIBUTING.md");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void codeIsThatOfATest(MarkdownPage page) {
		if (UPDATE) {
			update(page);
			return;
		}
		for (Block block : page.blocks()) {
			if (TESTED_LANGUAGES.contains(block.language())) {
				assertThat(block.snippet())
					.as("the comment '<!-- snippet: <path>#<name> -->' in %s before%n%s", page.name(), block.code())
					.isNotNull();
			}
			assertThat(block.code() + FENCE + block.details())
				.as("the code in %s; to write it anew, run this test with -Dupdate-docs=true", page.name())
				.isEqualTo(code(block) + FENCE + details(page, block));
		}
	}

	private static void update(MarkdownPage page) {
		StringBuilder text = new StringBuilder(page.text());
		List<Block> blocks = new ArrayList<>(page.blocks());
		for (int i = blocks.size() - 1; i >= 0; i--) {
			Block block = blocks.get(i);
			text.replace(block.start(), block.end(), code(block) + FENCE + details(page, block));
		}
		if (!page.text().contentEquals(text)) {
			page.write(text.toString());
		}
	}

	private static String code(Block block) {
		return (block.snippet() != null) ? Snippet.read(block.snippet()) : block.code();
	}

	/**
	 * Return the collapsed details that a block must have: the imports of a snippet, or
	 * the dependencies of a Maven build for Gradle. The README of the repository is short
	 * and has none.
	 */
	private static String details(MarkdownPage page, Block block) {
		if (!page.name().startsWith("docs/")) {
			return "";
		}
		if (block.snippet() != null && TESTED_LANGUAGES.contains(block.language())) {
			String imports = Imports.of(block.snippet());
			return imports.isEmpty() ? "" : details("Imports", "```%s\n%s```".formatted(block.language(), imports));
		}
		List<GradleDependency> dependencies = GradleDependency.ofMaven(block.code());
		return dependencies.isEmpty() ? "" : details("Gradle", GradleDependency.inBothLanguages(dependencies));
	}

	private static String details(String summary, String content) {
		return "\n\n<details>\n<summary>%s</summary>\n\n%s\n\n</details>".formatted(summary, content);
	}

	@Test
	void snippetsOfTheReadmeAreInAPageWithTheirImports() {
		List<String> withImports = pages().stream()
			.filter((page) -> page.name().startsWith("docs/"))
			.flatMap((page) -> page.blocks().stream())
			.map(Block::snippet)
			.filter(Objects::nonNull)
			.toList();
		assertThat(readme().blocks()).extracting(Block::snippet)
			.filteredOn(Objects::nonNull)
			.hasSizeGreaterThan(3)
			.isSubsetOf(withImports);
	}

	@Test
	void dependenciesOfTheReadmeAreThereForGradle() {
		List<GradleDependency> dependencies = readme().blocks()
			.stream()
			.flatMap((block) -> GradleDependency.ofMaven(block.code()).stream())
			.toList();
		assertThat(dependencies).isNotEmpty()
			.allSatisfy((dependency) -> assertThat(readme().text()).contains(dependency.inKotlin()));
	}

	private static MarkdownPage readme() {
		return MarkdownPage.read(Repository.ROOT.resolve("README.md"));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void propertiesExist(MarkdownPage page) {
		Set<String> known = PropertiesMetadata.names();
		for (Block block : page.blocks()) {
			if (Set.of("yaml", "yml").contains(block.language())) {
				assertThat(properties(block)).as("properties in %s", page.name())
					// the module of the tasks compares its properties itself
					.filteredOn((property) -> property.startsWith("aki.") && !property.startsWith("aki.io.tasks."))
					.isSubsetOf(known);
			}
		}
	}

	private static Set<String> properties(Block block) {
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(new ByteArrayResource(block.code().getBytes(StandardCharsets.UTF_8)));
		return Objects.requireNonNull(yaml.getObject()).stringPropertyNames();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void linksLeadSomewhere(MarkdownPage page) {
		List<String> broken = page.links().stream().filter((link) -> !isGood(page, link)).toList();
		assertThat(broken).as("broken links in %s", page.name()).isEmpty();
	}

	private static boolean isGood(MarkdownPage page, String link) {
		if (link.matches("[a-z]+:.*")) {
			return link.startsWith("https://") || link.startsWith("http://127.0.0.1") || link.startsWith("mailto:");
		}
		int hash = link.indexOf('#');
		if (hash == 0) {
			return page.anchors().contains(link.substring(1));
		}
		String path = (hash < 0) ? link : link.substring(0, hash);
		Path target = Objects.requireNonNull(page.file().getParent()).resolve(path).normalize();
		if (!Files.exists(target)) {
			return false;
		}
		return target.startsWith(Repository.ROOT)
				&& (hash < 0 || MarkdownPage.read(target).anchors().contains(link.substring(hash + 1)));
	}

	@Test
	void anchorsAreThoseOfGitHub() {
		String text = """
				# `doApiRequest()`: it's *easy*, isn't it?
				## From PHP/Python to Java – 2.0
				```shell
				# no heading
				```
				## Same
				## Same
				### [A link](somewhere.md)
				""";
		assertThat(new MarkdownPage(Path.of("x.md"), text).anchors()).containsExactly("doapirequest-its-easy-isnt-it",
				"from-phppython-to-java--20", "same", "same-1", "a-link");
	}

	@Test
	void brokenLinksAreFound() {
		MarkdownPage page = new MarkdownPage(Repository.ROOT.resolve("docs/x.md"), """
				# Here
				[a](#here) [b](../README.md) [c](../README.md#use-it) [d](https://aki.io) `[e](nowhere.md)`
				[f](#there) [g](nowhere.md) [h](../README.md#nowhere) [i](../../etc) ![j](nowhere.png)
				""");
		assertThat(page.links()).hasSize(9);
		assertThat(page.links().stream().filter((link) -> !isGood(page, link))).containsExactly("#there", "nowhere.md",
				"../README.md#nowhere", "../../etc", "nowhere.png");
	}

	@Test
	void theChangelogTellsOfThisVersion() {
		Matcher version = Pattern.compile("<artifactId>aki-spring-boot</artifactId>\\s*<version>([^<-]+)")
			.matcher(Repository.read(Repository.ROOT.resolve("pom.xml")));
		assertThat(version.find()).isTrue();
		assertThat(Repository.read(Repository.ROOT.resolve("CHANGELOG.md")))
			.containsPattern("(?m)^## .*\\b" + Pattern.quote(version.group(1)) + "\\b");
	}

}
