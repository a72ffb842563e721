package io.aki.docs;

import java.util.List;

/**
 * A region of a source file, between {@code tag::name[]} and {@code end::name[]}.
 */
final class Snippet {

	private Snippet() {
	}

	/**
	 * Return the code of a region as a page shows it.
	 * @param reference the file, relative to the repository or a module, and the region's
	 * name, such as {@code src/test/java/io/aki/docs/ChatTests.java#chat}
	 */
	static String read(String reference) {
		int hash = reference.indexOf('#');
		if (hash < 0) {
			throw new IllegalArgumentException("'" + reference + "' does not name a region: <path>#<name>");
		}
		String name = reference.substring(hash + 1);
		List<String> lines = Repository.read(Repository.find(reference.substring(0, hash))).lines().toList();
		int first = indexOf(lines, "// tag::" + name + "[]", reference);
		int last = indexOf(lines, "// end::" + name + "[]", reference);
		StringBuilder code = new StringBuilder();
		for (String line : lines.subList(first + 1, last)) {
			if (!line.strip().startsWith("// @formatter:")) {
				code.append(line).append('\n');
			}
		}
		return code.toString().stripTrailing().stripIndent().strip() + "\n";
	}

	private static int indexOf(List<String> lines, String marker, String reference) {
		List<String> stripped = lines.stream().map(String::strip).toList();
		int index = stripped.indexOf(marker);
		if (index < 0 || index != stripped.lastIndexOf(marker)) {
			throw new IllegalArgumentException("There must be one '" + marker + "' for '" + reference + "'");
		}
		return index;
	}

}
