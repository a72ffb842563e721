package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Work that replaces the original work after its result was returned, so that the
 * registry does not keep the data of the original.
 */
enum ReturnedWork implements Work {

	INSTANCE;

	@Override
	public Duration duration() {
		return Duration.ZERO;
	}

	@Override
	public @Nullable WorkProgress progress(double fraction) {
		return null;
	}

	@Override
	public Map<String, Object> output(double fraction) {
		return Map.of();
	}

}
