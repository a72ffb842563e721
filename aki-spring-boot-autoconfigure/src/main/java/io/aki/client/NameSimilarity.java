package io.aki.client;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Finds the names that are most similar to a misspelled name.
 */
final class NameSimilarity {

	private NameSimilarity() {
	}

	/**
	 * Return the most similar names, the best match first.
	 */
	static List<String> nearest(List<String> names, String name, int maxNames) {
		return names.stream()
			.sorted(Comparator.<String>comparingInt((each) -> distance(each, name))
				.thenComparing(Comparator.naturalOrder()))
			.limit(maxNames)
			.toList();
	}

	/**
	 * Return the number of characters to insert, delete or replace to convert one name
	 * into the other, ignoring case.
	 */
	private static int distance(String one, String other) {
		String a = one.toLowerCase(Locale.ROOT);
		String b = other.toLowerCase(Locale.ROOT);
		int[] previous = new int[b.length() + 1];
		for (int j = 0; j <= b.length(); j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= a.length(); i++) {
			int[] current = new int[b.length() + 1];
			current[0] = i;
			for (int j = 1; j <= b.length(); j++) {
				int replaced = previous[j - 1] + ((a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1);
				current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
			}
			previous = current;
		}
		return previous[b.length()];
	}

}
