package io.aki.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JDK of this machine.
 *
 * @param feature its feature version, such as 17
 * @param home its directory
 */
record Jdk(int feature, Path home) {

	private static final Path INSTALLED = Path.of("/usr/lib/jvm");

	private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)");

	/**
	 * Return JDK 17 and the newest installed JDK, or the running JDK if none is
	 * installed.
	 */
	static List<Jdk> compared() {
		List<Jdk> found = installed();
		Optional<Jdk> oldest = found.stream().filter((jdk) -> jdk.feature == 17).findFirst();
		Optional<Jdk> newest = found.stream().max(Comparator.comparingInt(Jdk::feature));
		List<Jdk> compared = Stream.of(oldest, newest).flatMap(Optional::stream).distinct().toList();
		return compared.isEmpty()
				? List.of(new Jdk(Runtime.version().feature(), Path.of(System.getProperty("java.home")))) : compared;
	}

	private static List<Jdk> installed() {
		if (!Files.isDirectory(INSTALLED)) {
			return List.of();
		}
		try (Stream<Path> homes = Files.list(INSTALLED)) {
			return homes.filter((home) -> Files.isExecutable(home.resolve("bin/java")) && !Files.isSymbolicLink(home))
				.sorted()
				.flatMap((home) -> feature(home).map((feature) -> new Jdk(feature, home)).stream())
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Optional<Integer> feature(Path home) {
		try {
			Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
			return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	String java() {
		return this.home.resolve("bin/java").toString();
	}

	@Override
	public String toString() {
		return "JDK " + this.feature;
	}

}
