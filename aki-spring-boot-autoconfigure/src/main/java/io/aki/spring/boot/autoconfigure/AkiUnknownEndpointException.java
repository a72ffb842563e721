package io.aki.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The key may not use the endpoint of the property.
 */
final class AkiUnknownEndpointException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private static final int MOST_NAMES = 5;

	/** The nearest names, the best match first. */
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
	 * Return the number of characters to insert, delete or replace to convert one name
	 * into the other, ignoring case.
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
