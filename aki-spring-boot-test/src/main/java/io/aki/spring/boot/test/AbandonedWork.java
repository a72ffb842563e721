package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Work whose worker has disappeared. It makes no progress and does not end.
 *
 * @param work the original work
 * @param done the progress when the worker disappeared, from 0 to 1
 */
record AbandonedWork(Work work, double done) implements Work {

	@Override
	public Duration duration() {
		return this.work.duration();
	}

	@Override
	public boolean endless() {
		return true;
	}

	@Override
	public boolean abandoned() {
		return true;
	}

	@Override
	public @Nullable WorkProgress progress(double fraction) {
		return this.work.progress(this.done);
	}

	@Override
	public Map<String, Object> output(double fraction) {
		return this.work.output(this.done);
	}

}
