package io.aki.spring.boot.tasks;

import io.aki.client.AkiJob;
import io.aki.client.AkiJobState;
import io.aki.client.AkiProgressInfo;
import org.jspecify.annotations.Nullable;

/**
 * A task whose job this instance follows. Thread-safe.
 */
final class RunningTask {

	private final TaskRow row;

	private @Nullable AkiJob job;

	private @Nullable AkiProgressInfo progress;

	private boolean cancelRequested;

	private boolean released;

	private boolean lost;

	RunningTask(TaskRow row) {
		this.row = row;
		this.cancelRequested = row.cancelRequested();
	}

	/**
	 * Return the task as this instance has claimed it.
	 */
	TaskRow row() {
		return this.row;
	}

	/**
	 * Set the job, and do with it what was requested before.
	 */
	synchronized void follow(AkiJob job) {
		this.job = job;
		if (this.released) {
			job.detach();
		}
		else if (this.cancelRequested) {
			job.cancel();
		}
	}

	/**
	 * Return the job, or {@code null} if it is not started.
	 */
	synchronized @Nullable AkiJob job() {
		return this.job;
	}

	synchronized void cancel() {
		this.cancelRequested = true;
		if (this.job != null) {
			this.job.cancel();
		}
	}

	/**
	 * Stop following the job without canceling it.
	 */
	synchronized void release() {
		this.released = true;
		if (this.job != null) {
			this.job.detach();
		}
	}

	synchronized boolean isReleased() {
		return this.released;
	}

	/**
	 * Remember that another instance has claimed the task.
	 * @return whether this was not known before
	 */
	synchronized boolean lose() {
		boolean first = !this.lost;
		this.lost = true;
		return first;
	}

	/**
	 * Set the newest progress.
	 * @return whether the job's id was not known before
	 */
	synchronized boolean progress(AkiProgressInfo progress) {
		boolean first = this.progress == null && this.row.jobId() == null;
		this.progress = progress;
		return first;
	}

	synchronized @Nullable TaskReport report() {
		AkiProgressInfo progress = this.progress;
		return (progress == null) ? null : new TaskReport(this.row,
				(progress.jobState() == AkiJobState.QUEUED) ? AkiTaskState.QUEUED : AkiTaskState.RUNNING, progress);
	}

	/**
	 * Return the job's id.
	 * @return the id, or {@code null} if the server has not accepted the job
	 */
	synchronized @Nullable String jobId() {
		if (this.row.jobId() != null) {
			return this.row.jobId();
		}
		return (this.job != null) ? this.job.jobId() : null;
	}

	@Override
	public String toString() {
		return this.row.toString();
	}

}
