package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Stands in for work whose result has gone out, so that the registry do not keep what it
 * was made of.
 */
enum HandedOutWork implements Work {

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
