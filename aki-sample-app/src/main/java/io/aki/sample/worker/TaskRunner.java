package io.aki.sample.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.aki.client.AkiBinary;
import io.aki.client.AkiException;
import io.aki.client.AkiJobState;
import io.aki.client.AkiResult;
import io.aki.sample.task.ClaimedTask;
import io.aki.sample.task.TaskRun;
import io.aki.sample.task.TaskStore;
import io.aki.sample.task.WorkerKind;
import io.aki.sample.worker.ProgressWorker.TaskReleasedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Claims a task, lets a worker process it, and stores the result.
 */
@Component
class TaskRunner {

	/**
	 * The outcome of a run.
	 */
	enum Outcome {

		/**
		 * The run has ended.
		 */
		ENDED,

		/**
		 * Another instance must continue the run.
		 */
		LEFT,

		/**
		 * Another instance has continued the run.
		 */
		LOST

	}

	static final String MAYBE_PAID = "The application ended while this task was being done, before the number of its"
			+ " job was known. The job may have been done and paid for, so it was not started again by itself.";

	private static final Log logger = LogFactory.getLog(TaskRunner.class);

	private static final List<Duration> WAITS = List.of(Duration.ofMillis(200), Duration.ofSeconds(1),
			Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(30));

	private final TaskStore store;

	private final SimpleWorker simple;

	private final ProgressWorker progress;

	private final Set<JobWatch> watches = ConcurrentHashMap.newKeySet();

	private volatile boolean leaving;

	TaskRunner(TaskStore store, SimpleWorker simple, ProgressWorker progress) {
		this.store = store;
		this.simple = simple;
		this.progress = progress;
	}

	/**
	 * Process a run from the queue.
	 * @param run the run
	 * @param version the fencing token of the queue
	 * @return the outcome of the run
	 */
	Outcome run(TaskRun run, long version) {
		if (this.leaving) {
			return Outcome.LEFT;
		}
		return this.store.take(run, DbSchedulerQueue.NAME, version).map(this::run).orElse(Outcome.ENDED);
	}

	private Outcome run(ClaimedTask task) {
		logger.info("Doing " + task);
		if (task.takenBefore() && task.jobId() == null) {
			return write(task, () -> this.store.fail(task, null, MAYBE_PAID));
		}
		try {
			AkiResult result = (task.worker() == WorkerKind.SIMPLE) ? this.simple.work(task) : watched(task);
			Thread.interrupted();
			return write(task, result);
		}
		catch (TaskReleasedException ex) {
			logger
				.info(ex.isMine() ? "Left to another instance: " + task : "Let go of, another worker has it: " + task);
			return ex.isMine() ? Outcome.LEFT : Outcome.LOST;
		}
		catch (InterruptedException ex) {
			// do not restore the interrupt flag: the remaining work writes to the
			// database, and H2 closes its file if the thread is interrupted
			return Outcome.LEFT;
		}
		catch (RuntimeException ex) {
			logger.warn("Failed: " + task, ex);
			return write(task, () -> this.store.fail(task, null, String.valueOf(ex.getMessage())));
		}
	}

	private AkiResult watched(ClaimedTask task) throws InterruptedException, TaskReleasedException {
		JobWatch watch = new JobWatch();
		this.watches.add(watch);
		try {
			if (this.leaving) {
				watch.leave();
			}
			return this.progress.work(task, watch);
		}
		finally {
			this.watches.remove(watch);
		}
	}

	private Outcome write(ClaimedTask task, AkiResult result) {
		if (!result.success()) {
			boolean canceled = result.jobState() == AkiJobState.CANCELED;
			return write(task, () -> canceled ? this.store.canceled(task, result.jobId())
					: this.store.fail(task, result.jobId(), String.valueOf(result.error())));
		}
		List<AkiBinary> binaries;
		try {
			binaries = result.binaries();
		}
		catch (AkiException ex) {
			return write(task, () -> this.store.fail(task, result.jobId(), String.valueOf(ex.getMessage())));
		}
		Map<String, ?> stored = StoredResult.of(task.id(), result);
		return write(task, () -> this.store.complete(task, result.jobId(), stored, binaries));
	}

	/**
	 * Write the end of a task. The API returns a result only once. Therefore, this method
	 * retries if the database is unavailable for a short time.
	 */
	private Outcome write(ClaimedTask task, BooleanSupplier writing) {
		for (Duration wait : WAITS) {
			try {
				return written(task, writing.getAsBoolean());
			}
			catch (DataAccessException | TransactionException ex) {
				logger.warn("The end of " + task + " could not be stored, trying again: " + ex.getMessage());
				pause(wait);
			}
		}
		return written(task, writing.getAsBoolean());
	}

	private static Outcome written(ClaimedTask task, boolean mine) {
		if (!mine) {
			logger.info("Came too late, another worker has it: " + task);
		}
		return mine ? Outcome.ENDED : Outcome.LOST;
	}

	private static void pause(Duration wait) {
		try {
			Thread.sleep(wait.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Release the jobs because the application stops. Another instance continues them, or
	 * this instance after its restart.
	 */
	void leave() {
		this.leaving = true;
		this.watches.forEach(JobWatch::leave);
	}

}
