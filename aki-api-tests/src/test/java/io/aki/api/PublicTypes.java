package io.aki.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the types of a module that applications can use. A module is a directory of
 * classes or a jar.
 */
final class PublicTypes {

	/**
	 * Packages whose types are public for other packages of this project only.
	 */
	private static final Set<String> INTERNAL_PACKAGES = Set.of("io.aki.client.http", "io.aki.client.json");

	private PublicTypes() {
	}

	/**
	 * Return the public types of a module, sorted by name.
	 * @param member a type of the module
	 */
	static List<Class<?>> ofModuleWith(Class<?> member) {
		Path location = location(member);
		if (Files.isDirectory(location)) {
			return types(location);
		}
		try (FileSystem jar = FileSystems.newFileSystem(location)) {
			return types(jar.getPath("/"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path location(Class<?> member) {
		try {
			return Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static List<Class<?>> types(Path root) {
		try (Stream<Path> files = Files.walk(root)) {
			return files.map((file) -> root.relativize(file).toString())
				.filter((file) -> file.endsWith(".class") && !file.endsWith("-info.class"))
				.map((file) -> file.substring(0, file.length() - ".class".length()).replaceAll("[/\\\\]", "."))
				.filter((name) -> !INTERNAL_PACKAGES.contains(name.substring(0, name.lastIndexOf('.'))))
				.<Class<?>>map(PublicTypes::load)
				.filter(PublicTypes::isPublic)
				.sorted(Comparator.comparing(Class::getName))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Class<?> load(String name) {
		try {
			return Class.forName(name, false, PublicTypes.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static boolean isPublic(Class<?> type) {
		boolean visible = Modifier.isPublic(type.getModifiers())
				|| (Modifier.isProtected(type.getModifiers()) && !Modifier.isFinal(enclosing(type).getModifiers()));
		return visible && !type.isSynthetic() && !type.isAnonymousClass() && !type.isLocalClass()
				&& (!type.isMemberClass() || isPublic(type.getEnclosingClass()));
	}

	private static Class<?> enclosing(Class<?> type) {
		return type.isMemberClass() ? type.getEnclosingClass() : type;
	}

}
