package io.aki.benchmark;

import java.util.Arrays;
import java.util.List;

/**
 * Calculates the median of repeated measurements. Other processes on the machine affect
 * the median less than the average.
 */
final class Median {

	private Median() {
	}

	static double of(double... values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

	static double of(List<Figures> measurements, String name) {
		return of(measurements.stream().mapToDouble((figures) -> figures.number(name)).toArray());
	}

}
