package io.aki.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The imports that a region of a Java or Kotlin source file needs. They are those of the
 * file whose simple names occur in the region, and the published types of the file's own
 * package.
 */
final class Imports {

	private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+)", Pattern.MULTILINE);

	private static final Pattern IMPORT = Pattern.compile("^import ((?:static )?[\\w.]+\\.(\\w+));?$",
			Pattern.MULTILINE);

	private static final Pattern NO_CODE = Pattern
		.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|//[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

	private static final Pattern NAME_OF_JAVA = Pattern.compile("(?<![\\w.])[A-Za-z_]\\w*");

	/** An extension function follows a point. */
	private static final Pattern NAME_OF_KOTLIN = Pattern.compile("(?<!\\w)[A-Za-z_]\\w*");

	private Imports() {
	}

	/**
	 * Return the imports of a region.
	 * @param reference the region, see {@link Snippet#read(String)}
	 * @return the declarations in the order of the project's code style, empty if the
	 * region needs none
	 */
	static String of(String reference) {
		Path file = Repository.find(reference.substring(0, reference.indexOf('#')));
		boolean kotlin = file.toString().endsWith(".kt");
		return of(Repository.read(file), Snippet.read(reference), kotlin, PublishedTypes.NAMES);
	}

	/**
	 * Return the imports of a part of a source file.
	 * @param source the whole file
	 * @param code the part
	 * @param kotlin whether the code is Kotlin
	 * @param published the names of the published types
	 * @return the declarations
	 */
	static String of(String source, String code, boolean kotlin, Set<String> published) {
		Set<String> names = (kotlin ? NAME_OF_KOTLIN : NAME_OF_JAVA).matcher(NO_CODE.matcher(code).replaceAll("\"\""))
			.results()
			.map(MatchResult::group)
			.collect(Collectors.toCollection(TreeSet::new));
		List<String> imports = new ArrayList<>(IMPORT.matcher(source)
			.results()
			.filter((declaration) -> names.contains(declaration.group(2)))
			.map((declaration) -> declaration.group(1))
			.toList());
		imports.addAll(ofOwnPackage(source, names, published));
		return kotlin ? imports.stream().sorted().map("import %s\n"::formatted).collect(Collectors.joining())
				: inGroups(imports);
	}

	private static List<String> ofOwnPackage(String source, Set<String> names, Set<String> published) {
		return PACKAGE.matcher(source)
			.results()
			.flatMap((declaration) -> names.stream().map((name) -> declaration.group(1) + "." + name))
			.filter(published::contains)
			.toList();
	}

	private static String inGroups(List<String> imports) {
		return Stream.of("java.", "", "org.springframework.", "static ")
			.map((group) -> imports.stream()
				.filter((name) -> group(name).equals(group))
				.sorted()
				.map("import %s;\n"::formatted)
				.collect(Collectors.joining()))
			.filter((group) -> !group.isEmpty())
			.collect(Collectors.joining("\n"));
	}

	private static String group(String name) {
		return Stream.of("static ", "java.", "org.springframework.").filter(name::startsWith).findFirst().orElse("");
	}

	private static final class PublishedTypes {

		private static final Pattern FILE = Pattern.compile(".*/src/main/java/(.+)\\.java");

		static final Set<String> NAMES = Repository.sources()
			.map((source) -> FILE.matcher(source.toString().replace('\\', '/')))
			.filter(Matcher::matches)
			.map((source) -> source.group(1).replace('/', '.'))
			.collect(Collectors.toUnmodifiableSet());

	}

}
