package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Work that never ends and never reports progress.
 */
record HangingWork() implements Work {

	@Override
	public Duration duration() {
		return Duration.ofSeconds(2);
	}

	@Override
	public boolean endless() {
		return true;
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
