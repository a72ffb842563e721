package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A timeline that uses the clock of a test. The thread that advances the clock also runs
 * the actions that are due.
 */
final class ManualTimeline implements Timeline {

	private final AkiEmulatorClock clock;

	private final List<DueTask> dueTasks = new ArrayList<>();

	ManualTimeline(AkiEmulatorClock clock) {
		this.clock = clock;
	}

	@Override
	public Instant now() {
		return this.clock.instant();
	}

	@Override
	public void at(Instant time, Runnable action) {
		synchronized (this.dueTasks) {
			this.dueTasks.add(new DueTask(time, action));
		}
		// the clock may have been advanced since the caller read it
		runDueTasks();
	}

	@Override
	public void jump(Duration duration) {
		this.clock.jump(duration);
	}

	/**
	 * Run the actions that have become due.
	 */
	void runDueTasks() {
		for (DueTask due : due(now())) {
			due.action().run();
		}
	}

	private List<DueTask> due(Instant now) {
		List<DueTask> due = new ArrayList<>();
		synchronized (this.dueTasks) {
			this.dueTasks.stream()
				.filter((dueTask) -> !dueTask.time().isAfter(now))
				.sorted(Comparator.comparing(DueTask::time))
				.forEach(due::add);
			this.dueTasks.removeAll(due);
		}
		return due;
	}

	/**
	 * An action and the time at which it is due.
	 */
	private record DueTask(Instant time, Runnable action) {

	}

}
