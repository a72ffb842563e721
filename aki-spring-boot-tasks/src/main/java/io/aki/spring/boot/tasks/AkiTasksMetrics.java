package io.aki.spring.boot.tasks;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Registers meters for what this instance has done.
 */
class AkiTasksMetrics implements MeterBinder {

	private final TaskCounters counters;

	private final RunningTasks running;

	AkiTasksMetrics(TaskCounters counters, RunningTasks running) {
		this.counters = counters;
		this.running = running;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("aki.tasks.running", this.running, RunningTasks::size)
			.description("Tasks whose jobs this instance follows.")
			.register(registry);
		FunctionCounter.builder("aki.tasks.submitted", this.counters, TaskCounters::submittedCount)
			.description("Tasks that were submitted to this instance.")
			.register(registry);
		FunctionTimer
			.builder("aki.tasks.pending", this.counters, TaskCounters::startedCount, TaskCounters::waitingNanos,
					TimeUnit.NANOSECONDS)
			.description("How long tasks were pending before this instance started them.")
			.register(registry);
		for (AkiTaskState state : AkiTaskState.values()) {
			if (state.isFinal()) {
				FunctionCounter.builder("aki.tasks.ended", this.counters, (counters) -> counters.endedCount(state))
					.description("Tasks that have ended on this instance.")
					.tag("state", state.value())
					.register(registry);
			}
		}
		FunctionCounter.builder("aki.tasks.leases.lost", this.counters, TaskCounters::lostLeaseCount)
			.description("Tasks that another instance has claimed while this instance followed them.")
			.register(registry);
		FunctionCounter.builder("aki.tasks.database.writes", this.counters, TaskCounters::writeCount)
			.description("Statements of this instance that write to the tables of the tasks.")
			.register(registry);
	}

}
