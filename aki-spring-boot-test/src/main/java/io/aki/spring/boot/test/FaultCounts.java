package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts how often each fault was applied.
 */
final class FaultCounts {

	// compares faults by identity, because they do not override equals
	private final Map<AkiEmulatorFault, Integer> strikes = new LinkedHashMap<>();

	void add(AkiEmulatorFault fault) {
		this.strikes.merge(fault, 1, Integer::sum);
	}

	int of(AkiEmulatorFault fault) {
		return this.strikes.getOrDefault(fault, 0);
	}

	int total() {
		return this.strikes.values().stream().mapToInt(Integer::intValue).sum();
	}

	Map<AkiEmulatorFault, Integer> copy() {
		return new LinkedHashMap<>(this.strikes);
	}

	void clear() {
		this.strikes.clear();
	}

}
