package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Work that ends after a short time with an error of the worker.
 */
record FailingWork(String error) implements Work {

	@Override
	public Duration duration() {
		return Duration.ofMillis(50);
	}

	@Override
	public @Nullable WorkProgress progress(double fraction) {
		return null;
	}

	@Override
	public Map<String, Object> output(double fraction) {
		return (fraction < 1) ? Map.of() : Map.of("error", this.error);
	}

}
