package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Replaces work whose result was returned, so that the registry does not keep its data.
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
