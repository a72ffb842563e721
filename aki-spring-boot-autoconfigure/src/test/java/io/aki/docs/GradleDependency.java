package io.aki.docs;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A dependency of a Maven build, as a Gradle build declares it.
 *
 * @param configuration the configuration, such as {@code implementation}
 * @param platform whether it is a BOM
 * @param coordinates the group, the artifact and, if there is one, the version
 */
record GradleDependency(String configuration, boolean platform, String coordinates) {

	private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);

	/**
	 * Return the dependencies in a part of a POM.
	 * @param xml the text, which may be something else
	 * @return the dependencies, empty if the text contains none
	 */
	static List<GradleDependency> ofMaven(String xml) {
		return DEPENDENCY.matcher(xml).results().map((found) -> ofElement(found.group(1))).toList();
	}

	private static GradleDependency ofElement(String element) {
		String version = child(element, "version");
		String coordinates = child(element, "groupId") + ":" + child(element, "artifactId")
				+ ((version != null) ? ":" + version : "");
		String scope = child(element, "scope");
		if (scope == null || scope.equals("import")) {
			return new GradleDependency("implementation", scope != null, coordinates);
		}
		return switch (scope) {
			case "test" -> new GradleDependency("testImplementation", false, coordinates);
			case "runtime" -> new GradleDependency("runtimeOnly", false, coordinates);
			default -> throw new IllegalArgumentException("The scope '" + scope + "' is not supported");
		};
	}

	private static @Nullable String child(String element, String name) {
		Matcher child = Pattern.compile("<%1$s>([^<]*)</%1$s>".formatted(name)).matcher(element);
		return child.find() ? child.group(1).strip() : null;
	}

	/**
	 * Return the declaration in the Kotlin DSL, which is also valid in the Groovy DSL.
	 */
	String inKotlin() {
		String dependency = "\"" + this.coordinates + "\"";
		return this.configuration + "(" + (this.platform ? "platform(" + dependency + ")" : dependency) + ")";
	}

	/**
	 * Return the declaration as it is usual in the Groovy DSL.
	 */
	String inGroovy() {
		String dependency = "'" + this.coordinates + "'";
		return this.configuration + " " + (this.platform ? "platform(" + dependency + ")" : dependency);
	}

	/**
	 * Return the Markdown that shows the dependencies in both languages of Gradle.
	 */
	static String inBothLanguages(List<GradleDependency> dependencies) {
		return "Kotlin DSL, `build.gradle.kts`:\n\n" + block("kts", dependencies, GradleDependency::inKotlin)
				+ "\n\nGroovy DSL, `build.gradle`:\n\n" + block("groovy", dependencies, GradleDependency::inGroovy);
	}

	private static String block(String language, List<GradleDependency> dependencies,
			Function<GradleDependency, String> form) {
		return dependencies.stream()
			.map(form)
			.map("\t%s\n"::formatted)
			.collect(Collectors.joining("", "```" + language + "\ndependencies {\n", "}\n```"));
	}

}
