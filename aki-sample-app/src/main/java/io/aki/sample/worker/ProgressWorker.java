package io.aki.sample.worker;

import java.time.Duration;
import java.util.Objects;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiResult;
import io.aki.sample.task.Ownership;
import io.aki.sample.task.ClaimedTask;
import io.aki.sample.task.TaskReport;
import io.aki.sample.task.TaskStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * The worker with progress and cancellation. It stores the job's id as soon as AKI.IO
 * returns it, so that any instance can continue the job.
 */
@Component
class ProgressWorker {

	private static final Log logger = LogFactory.getLog(ProgressWorker.class);

	/**
	 * How often the worker checks whether a user has requested to cancel its task, or
	 * whether another worker has claimed it.
	 */
	private static final Duration LOOK = Duration.ofMillis(400);

	private final AkiClient aki;

	private final TaskStore store;

	ProgressWorker(AkiClient aki, TaskStore store) {
		this.aki = aki;
		this.store = store;
	}

	/**
	 * Start or continue the task's job, and follow it until it ends.
	 * @param task the task
	 * @param watch releases the job to another instance when requested
	 * @return the job's result
	 * @throws TaskReleasedException if the job continues without this worker
	 */
	AkiResult work(ClaimedTask task, JobWatch watch) throws InterruptedException, TaskReleasedException {
		// a separate client that shares the connections: closing it releases only this
		// job and does not cancel it
		try (AkiClient own = this.aki.mutate().endpoint(task.endpoint()).cancelOnClose(false).build()) {
			AkiJob job = (task.jobId() != null) ? own.resume(task.jobId(), watch::progress)
					: own.doApiRequestAsync(task.params(), watch::progress);
			watch.watch(job);
			return follow(task, job, watch);
		}
	}

	private AkiResult follow(ClaimedTask task, AkiJob job, JobWatch watch)
			throws InterruptedException, TaskReleasedException {
		TaskReport reported = null;
		long reportedAt = 0;
		while (true) {
			watch.await(LOOK);
			if (watch.failure() != null) {
				throw new IllegalStateException(watch.failure());
			}
			if (watch.result() != null) {
				return watch.result();
			}
			boolean stored = task.jobId() != null || reported != null;
			if (watch.isLeaving() && stored) {
				throw new TaskReleasedException(true);
			}
			TaskReport report = watch.report();
			long now = System.nanoTime();
			if (stored && now - reportedAt < LOOK.toNanos()) {
				continue;
			}
			Ownership ownership = report(task, Objects.equals(report, reported) ? null : report);
			if (ownership == Ownership.LOST) {
				throw new TaskReleasedException(false);
			}
			if (ownership == Ownership.TO_BE_CANCELED) {
				job.cancel();
			}
			if (ownership != null) {
				reported = report;
				reportedAt = now;
			}
		}
	}

	private @Nullable Ownership report(ClaimedTask task, @Nullable TaskReport report) {
		try {
			return this.store.report(task, report);
		}
		catch (DataAccessException | TransactionException ex) {
			logger.warn("The progress of " + task + " could not be stored: " + ex.getMessage());
			return null;
		}
	}

	/**
	 * Thrown when the job continues without this worker.
	 */
	static final class TaskReleasedException extends Exception {

		private static final long serialVersionUID = 1L;

		private final boolean mine;

		TaskReleasedException(boolean mine) {
			this.mine = mine;
		}

		/**
		 * Return whether this worker still owns the task and can return it to the queue.
		 */
		boolean isMine() {
			return this.mine;
		}

	}

}
