package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts how often each fault was applied.
 */
final class FaultCounts {

	// compares faults by identity, because they do not override equals
	private final Map<AkiEmulatorFault, Integer> counts = new LinkedHashMap<>();

	void add(AkiEmulatorFault fault) {
		this.counts.merge(fault, 1, Integer::sum);
	}

	int of(AkiEmulatorFault fault) {
		return this.counts.getOrDefault(fault, 0);
	}

	int total() {
		return this.counts.values().stream().mapToInt(Integer::intValue).sum();
	}

	Map<AkiEmulatorFault, Integer> copy() {
		return new LinkedHashMap<>(this.counts);
	}

	void clear() {
		this.counts.clear();
	}

}
