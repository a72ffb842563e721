package io.aki.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the javadoc of each public type contains the version that introduced the
 * type.
 */
class JavadocTests {

	private static final List<Path> PUBLISHED = Stream.of("aki-spring-boot-autoconfigure", "aki-spring-boot-test")
		.map(Repository.ROOT::resolve)
		.toList();

	private static final Pattern PUBLIC_TYPE = Pattern
		.compile("^\\t*public ((abstract|final|sealed|non-sealed|static) )*(class|interface|record|enum|@interface) "
				+ "(?<name>\\w+)", Pattern.MULTILINE);

	@Test
	void publicTypesHaveAVersion() {
		List<String> types = Repository.sources()
			.filter((source) -> PUBLISHED.stream().anyMatch(source::startsWith))
			.flatMap((source) -> publicTypes(Repository.read(source)))
			.toList();
		assertThat(types).hasSizeGreaterThan(60).allMatch((type) -> type.contains("@since "));
	}

	/**
	 * Return the declarations of the public types, each with the javadoc before it. The
	 * result is empty if the first type of a file is not public.
	 */
	private static Stream<String> publicTypes(String source) {
		Matcher type = PUBLIC_TYPE.matcher(source);
		boolean published = type.find() && source.charAt(type.start()) != '\t';
		return published ? type.reset()
			.results()
			.map((found) -> source.substring(Math.max(0, source.lastIndexOf("/**", found.start())), found.end()))
				: Stream.empty();
	}

}
