package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Work whose worker has vanished: it stays as it was then, for ever.
 *
 * @param work the work
 * @param done how much of it was done
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
