package io.aki.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.aki.client.AkiClient;
import io.aki.spring.ai.AkiChatModel;
import io.aki.spring.boot.tasks.AkiTasks;
import io.aki.spring.boot.test.AkiEmulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the public API of each published module with the list in the directory
 * {@code api}. The command in the failure message writes the lists again.
 */
class ApiTests {

	private static final Path DIRECTORY = Path.of(System.getProperty("basedir", ""), "api");

	private static final String UPDATE = "mvn test -pl aki-api-tests -am -Dtest=ApiTests "
			+ "-Dsurefire.failIfNoSpecifiedTests=false -Dupdate-api=true";

	private static final Map<String, Class<?>> MODULES = Map.of("aki-spring-boot-autoconfigure", AkiClient.class,
			"aki-spring-boot-test", AkiEmulator.class, "aki-spring-boot-tasks", AkiTasks.class, "aki-spring-ai",
			AkiChatModel.class);

	static Collection<String> modules() {
		return new TreeSet<>(MODULES.keySet());
	}

	@ParameterizedTest
	@MethodSource("modules")
	void apiIsTheListedOne(String module) throws IOException {
		List<String> api = api(module);
		Path list = DIRECTORY.resolve(module + ".txt");
		if (Boolean.getBoolean("update-api")) {
			Files.createDirectories(DIRECTORY);
			Files.write(list, api);
		}
		assertThat(differences(Files.readAllLines(list), api))
			.as("The public API of %s is not the one in api/%s.txt. If that is intended, run '%s', commit the file, "
					+ "and name the change in CHANGELOG.md.", module, module, UPDATE)
			.isEmpty();
	}

	@ParameterizedTest
	@MethodSource("modules")
	void apiNamesNoTypeOfAnInternalPackage(String module) {
		assertThat(api(module)).noneMatch((line) -> line.contains("io.aki.client.http."))
			.noneMatch((line) -> line.contains("io.aki.client.json."));
	}

	@Test
	void declarationsAndMembersAreListed() {
		assertThat(new TypeListing(Sample.class).lines()).containsExactly(
				"protected abstract class io.aki.api.ApiTests.Sample<T extends Number & Comparable<T>> "
						+ "implements Runnable",
				"\tprotected final int count", "\tprotected Sample(String, @Nullable Object @Nullable ...)",
				"\tprotected void inherited()",
				"\tpublic <X extends Exception> java.util.List<? extends @Nullable T> "
						+ "list(java.util.Map<String, ? super T>, byte[]) throws X, java.io.IOException",
				"\tpublic abstract @Nullable String name()", "\tpublic void run()");
		assertThat(new TypeListing(Level.class).lines()).containsExactly("public enum io.aki.api.ApiTests.Level",
				"\tHIGH", "\tLOW", "\tpublic static io.aki.api.ApiTests.Level valueOf(String)",
				"\tpublic static io.aki.api.ApiTests.Level[] values()");
		assertThat(new TypeListing(Point.class).lines()).containsExactly("public record io.aki.api.ApiTests.Point",
				"\tpublic Point(int, @Nullable String)", "\tpublic @Nullable String name()", "\tpublic int x()");
		assertThat(new TypeListing(Mark.class).lines()).containsExactly("public @interface io.aki.api.ApiTests.Mark",
				"\tpublic Class<?>[] types() default {String.class}", "\tpublic String value() default \"none\"");
	}

	@Test
	void differencesNameTheType() {
		List<String> before = List.of("public class A", "\tpublic void a()", "\tpublic void b()", "public class B");
		List<String> after = List.of("public class A", "\tpublic void b()", "\tpublic void c()", "public class C");
		assertThat(differences(before, after)).containsExactly("removed from public class A: public void a()",
				"removed: public class B", "added to public class A: public void c()", "added: public class C");
	}

	private static List<String> api(String module) {
		return PublicTypes.ofModuleWith(MODULES.get(module))
			.stream()
			.flatMap((type) -> new TypeListing(type).lines().stream())
			.toList();
	}

	private static List<String> differences(List<String> before, List<String> after) {
		List<String> removed = new ArrayList<>(named("removed", "from", before));
		removed.removeAll(named("removed", "from", after));
		List<String> added = new ArrayList<>(named("added", "to", after));
		added.removeAll(named("added", "to", before));
		removed.addAll(added);
		return removed;
	}

	private static List<String> named(String change, String preposition, List<String> lines) {
		List<String> named = new ArrayList<>();
		String type = "";
		for (String line : lines) {
			if (line.startsWith("\t")) {
				named.add("%s %s %s: %s".formatted(change, preposition, type, line.strip()));
			}
			else {
				type = line;
				named.add("%s: %s".formatted(change, line));
			}
		}
		return named;
	}

	abstract static class Hidden implements Runnable {

		protected void inherited() {
		}

	}

	protected abstract static class Sample<T extends Number & Comparable<T>> extends Hidden {

		protected final int count = 1;

		protected Sample(String name, @Nullable Object @Nullable ... values) {
		}

		public abstract @Nullable String name();

		public <X extends Exception> List<? extends @Nullable T> list(Map<String, ? super T> values, byte[] bytes)
				throws X, IOException {
			throw new IOException();
		}

		@Override
		public void run() {
		}

		void invisible() {
		}

	}

	public enum Level {

		LOW, HIGH

	}

	public record Point(int x, @Nullable String name) {
	}

	@interface Mark {

		String value() default "none";

		Class<?>[] types() default String.class;

	}

}
