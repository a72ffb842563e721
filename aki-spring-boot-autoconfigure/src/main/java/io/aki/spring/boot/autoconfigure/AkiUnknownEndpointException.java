package io.aki.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The endpoint of the property is none of those that the key may use.
 */
final class AkiUnknownEndpointException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private static final int MOST_NAMES = 5;

	/** The names to offer, the nearest first. */
	private final ArrayList<String> nearest;

	AkiUnknownEndpointException(String endpoint, List<String> known) {
		super("The API key of AKI.IO may use no endpoint '" + endpoint + "'.");
		this.nearest = new ArrayList<>(known.stream()
			.sorted(Comparator.<String>comparingInt((name) -> distance(name, endpoint))
				.thenComparing(Comparator.naturalOrder()))
			.limit(MOST_NAMES)
			.toList());
	}

	List<String> nearest() {
		return List.copyOf(this.nearest);
	}

	/**
	 * Count the characters to be added, left out or replaced to get from one to the
	 * other, whatever their case.
	 */
	static int distance(String one, String other) {
		String a = one.toLowerCase(Locale.ROOT);
		String b = other.toLowerCase(Locale.ROOT);
		int[] row = new int[b.length() + 1];
		for (int j = 0; j <= b.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= a.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= b.length(); j++) {
				int replaced = diagonal + ((a.charAt(i - 1) == b.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[b.length()];
	}

}
