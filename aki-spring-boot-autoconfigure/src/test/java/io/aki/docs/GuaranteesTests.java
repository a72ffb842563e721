package io.aki.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each guarantee of {@code docs/resilience.md} has a number, and that each
 * number has a test that exists.
 */
class GuaranteesTests {

	private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\|[^|]+\\|([^|]+)\\|$", Pattern.MULTILINE);

	private static final Pattern TEST = Pattern.compile("`(\\w+Tests)\\.(\\w+)`");

	private static final Pattern NUMBERS = Pattern.compile("\\((\\d+(?:, \\d+)*)\\)$", Pattern.MULTILINE);

	private final String section = section();

	private static String section() {
		String page = Repository.read(Repository.ROOT.resolve("docs/resilience.md"));
		int begin = page.indexOf("## Guarantees");
		return page.substring(begin, page.indexOf("\n## ", begin));
	}

	@Test
	void everyGuaranteeHasItsTests() {
		Map<String, String> rows = ROW.matcher(this.section)
			.results()
			.collect(Collectors.toMap((row) -> row.group(1), (row) -> row.group(2)));
		List<String> all = IntStream.rangeClosed(1, 18).mapToObj(String::valueOf).toList();
		assertThat(rows).containsOnlyKeys(all);
		assertThat(rows.values()).allMatch((tests) -> TEST.matcher(tests).find());
		assertThat(NUMBERS.matcher(this.section).results().flatMap((each) -> Stream.of(each.group(1).split(", "))))
			.containsExactlyInAnyOrderElementsOf(all.subList(0, 17));
	}

	@Test
	void everyTestExists() throws Exception {
		Map<String, Path> sources;
		try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
			sources = files.filter((file) -> file.toString().endsWith("Tests.java"))
				.collect(Collectors.toMap((file) -> file.getFileName().toString().replace(".java", ""),
						Function.identity(), (one, other) -> one));
		}
		List<MatchResult> tests = TEST.matcher(this.section).results().toList();
		assertThat(tests).hasSizeGreaterThanOrEqualTo(18);
		assertThat(tests).allSatisfy((test) -> {
			assertThat(sources).containsKey(test.group(1));
			assertThat(Repository.read(sources.get(test.group(1)))).contains("void " + test.group(2) + "(");
		});
	}

}
