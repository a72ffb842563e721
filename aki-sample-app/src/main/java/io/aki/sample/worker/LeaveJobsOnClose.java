package io.aki.sample.worker;

import com.github.kagkarlsson.scheduler.Scheduler;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Returns the jobs to the queue before the scheduler interrupts their workers. An
 * interrupt would cancel the jobs.
 */
@Component
class LeaveJobsOnClose {

	private final Scheduler scheduler;

	private final TaskRunner runner;

	LeaveJobsOnClose(Scheduler scheduler, TaskRunner runner) {
		this.scheduler = scheduler;
		this.runner = runner;
	}

	@EventListener(ContextClosedEvent.class)
	void leave() {
		this.scheduler.pause();
		this.runner.leave();
	}

}
