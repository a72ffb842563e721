package io.aki.spring.boot.tasks;

import io.aki.client.AkiJob;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * Follows the jobs of the running tasks: passes their progress to the reporter and their
 * ends to the finisher. It is called in the threads of the client and does not block.
 */
final class TaskFollower {

	private final RunningTasks running;

	private final TaskReporter reporter;

	private final TaskFinisher finisher;

	private final PostponementLog postponements = new PostponementLog();

	TaskFollower(RunningTasks running, TaskReporter reporter, TaskFinisher finisher) {
		this.running = running;
		this.reporter = reporter;
		this.finisher = finisher;
	}

	void progress(RunningTask task, AkiProgressInfo info) {
		this.reporter.report(task, task.progress(info));
	}

	void follow(RunningTask task, AkiJob job) {
		job.result().whenComplete((result, failure) -> ended(task, result, failure));
	}

	private void ended(RunningTask task, @Nullable AkiResult result, @Nullable Throwable failure) {
		this.reporter.forget(task);
		if (result != null && result.success()) {
			this.finisher.complete(task, result);
		}
		else if (result != null && result.isRetryable()) {
			this.postponements.log(task, result);
			this.finisher.postpone(task);
		}
		else if (result != null && task.isReleased() && TaskFailure.isCanceled(result) && task.jobId() != null) {
			this.finisher.giveBack(task);
		}
		else if (result != null) {
			this.finisher.fail(task, TaskFailure.of(result));
		}
		else {
			this.finisher.fail(task, TaskFailure.failed(task.jobId(), String.valueOf(failure)));
		}
	}

	void fail(RunningTask task, TaskFailure failure) {
		this.finisher.fail(task, failure);
	}

}
