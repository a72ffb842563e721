package io.aki.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds and reads the files of the repository.
 */
final class Repository {

	static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private Repository() {
	}

	/**
	 * Return all Markdown files except those that a build has generated.
	 */
	static List<MarkdownPage> pages() {
		return Stream
			.concat(files(ROOT, 1, ".md"),
					Stream.concat(files(ROOT.resolve("docs"), Integer.MAX_VALUE, ".md"),
							modules().flatMap((module) -> files(module, 1, ".md"))))
			.distinct()
			.sorted()
			.map(MarkdownPage::read)
			.toList();
	}

	/**
	 * Return the main sources of all modules.
	 */
	static Stream<Path> sources() {
		return modules().map((module) -> module.resolve("src/main"))
			.filter(Files::isDirectory)
			.flatMap((sources) -> files(sources, Integer.MAX_VALUE, ".java"));
	}

	/**
	 * Find a file by its path in the repository or in one of its modules.
	 */
	static Path find(String path) {
		List<Path> found = Stream.concat(Stream.of(ROOT), modules())
			.map((directory) -> directory.resolve(path))
			.filter(Files::isRegularFile)
			.toList();
		if (found.size() != 1) {
			throw new IllegalArgumentException("There must be one file '" + path + "', but there are " + found);
		}
		return found.get(0);
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<Path> modules() {
		return list(ROOT, 1).filter((directory) -> Files.exists(directory.resolve("pom.xml")))
			.filter((directory) -> !directory.equals(ROOT));
	}

	private static Stream<Path> files(Path directory, int depth, String suffix) {
		return list(directory, depth).filter((file) -> file.toString().endsWith(suffix));
	}

	private static Stream<Path> list(Path directory, int depth) {
		try (Stream<Path> files = Files.walk(directory, depth)) {
			return files.toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
