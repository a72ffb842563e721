package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiResult;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.dao.DataIntegrityViolationException;

/**
 * Stores how the execution of tasks has ended on this instance. AKI.IO returns a result
 * only once. Therefore, a result is kept in memory until the database has accepted it,
 * however long that takes. Results that are left when the application stops are written
 * to the spool.
 */
final class TaskFinisher {

	private static final Log logger = LogFactory.getLog(TaskFinisher.class);

	private static final Duration DELAY = Duration.ofMillis(200);

	private static final Duration DELAY_MAX = Duration.ofSeconds(5);

	private final TaskStore store;

	private final TaskQueue queue;

	private final TaskDatabase database;

	private final TaskNotifier notifier;

	private final TaskCounters counters;

	private final RunningTasks running;

	private final TaskWaker waker;

	private final TaskSpool spool;

	private final Deque<TaskEnd> ends = new ArrayDeque<>();

	private final List<TaskEnd> inProgress = new ArrayList<>();

	private boolean closed;

	TaskFinisher(TaskStore store, TaskQueue queue, TaskDatabase database, TaskNotifier notifier, TaskCounters counters,
			RunningTasks running, TaskWaker waker, TaskSpool spool) {
		this.store = store;
		this.queue = queue;
		this.database = database;
		this.notifier = notifier;
		this.counters = counters;
		this.running = running;
		this.waker = waker;
		this.spool = spool;
	}

	void complete(RunningTask task, AkiResult result) {
		add(new TaskEnd.Completed(task, result));
	}

	void fail(RunningTask task, TaskFailure failure) {
		add(new TaskEnd.Failed(task, failure));
	}

	/**
	 * Let another instance resume the job.
	 */
	void giveBack(RunningTask task) {
		add(new TaskEnd.GivenBack(task));
	}

	/**
	 * Start the task later, because its job was not started.
	 */
	void postpone(RunningTask task) {
		add(new TaskEnd.Postponed(task));
	}

	private void add(TaskEnd end) {
		synchronized (this) {
			if (!this.closed) {
				this.ends.add(end);
				notifyAll();
				return;
			}
		}
		this.spool.write(unstored(List.of(end)));
	}

	/**
	 * Store ends until the finisher is closed. Several threads can call this method.
	 */
	void run() {
		Duration delay = DELAY;
		try {
			for (TaskEnd end = take(); end != null; end = take()) {
				if (store(end)) {
					delay = DELAY;
				}
				else {
					pause(delay);
					delay = (delay.multipliedBy(2).compareTo(DELAY_MAX) < 0) ? delay.multipliedBy(2) : DELAY_MAX;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized @Nullable TaskEnd take() throws InterruptedException {
		while (this.ends.isEmpty() && !this.closed) {
			wait();
		}
		if (this.closed) {
			return null;
		}
		TaskEnd end = this.ends.remove();
		this.inProgress.add(end);
		return end;
	}

	/**
	 * Store an end.
	 * @return {@code false} if it is to be stored later
	 */
	private boolean store(TaskEnd end) {
		MDC.put(TaskStep.MDC_KEY, end.task().row().key().id());
		try {
			boolean stored = this.database.inBackground(() -> write(end));
			if (!stored) {
				logger.info("Nothing is stored for " + end.task()
						+ ": the task was claimed by another instance, or deleted");
			}
			ended(end);
			return true;
		}
		catch (StepRunningException ex) {
			again(end);
			return false;
		}
		catch (DataIntegrityViolationException ex) {
			logger.error("The database refuses the end of " + end.task(), ex);
			refused(end, ex);
			return true;
		}
		catch (RuntimeException | Error ex) {
			logger.warn("The end of " + end.task() + " could not be stored, trying again: " + ex);
			again(end);
			return false;
		}
		finally {
			MDC.remove(TaskStep.MDC_KEY);
		}
	}

	private boolean write(TaskEnd end) {
		RunningTask task = end.task();
		TaskRow row = task.row();
		if (end instanceof TaskEnd.GivenBack) {
			boolean written = this.store.giveBack(row, task.jobId());
			if (written) {
				this.queue.makeDue(List.of(row.key()));
			}
			return written;
		}
		if (end instanceof TaskEnd.Postponed) {
			boolean written = this.store.unclaim(row);
			if (written) {
				delay(row.key(), task.isReleased() ? Duration.ZERO : postponement(row));
				this.store.find(row.key().id(), null).ifPresent(this.notifier::stateChanged);
			}
			return written;
		}
		if (end instanceof TaskEnd.Completed completed) {
			return announce(row, AkiTaskState.COMPLETED,
					this.store.complete(row, task.jobId(), StoredResult.of(completed.result())));
		}
		TaskFailure failure = ((TaskEnd.Failed) end).failure();
		return announce(row, failure.state(), this.store.end(row, failure));
	}

	private boolean announce(TaskRow row, AkiTaskState state, boolean written) {
		if (written) {
			this.queue.remove(row.key());
			this.store.find(row.key().id(), null).ifPresent(this.notifier::stateChanged);
			this.notifier.afterCommit(() -> this.counters.ended(state));
		}
		return written;
	}

	private void delay(TaskKey key, Duration delay) {
		if (!this.queue.delay(key, delay)) {
			// the step that has claimed the task is about to set the end of the lease
			throw new StepRunningException();
		}
	}

	/**
	 * Return when a task whose job could not be started is tried again. A start that a
	 * guard has refused is not an attempt, and makes this delay no longer.
	 */
	private static Duration postponement(TaskRow row) {
		return Duration.ofSeconds(Math.min(30, 1L << Math.min(row.attempt(), 5)));
	}

	/**
	 * A result that the database will never accept is written to the spool.
	 */
	private void refused(TaskEnd end, DataIntegrityViolationException ex) {
		RunningTask task = end.task();
		if (end instanceof TaskEnd.Completed completed) {
			this.spool.keep(unstored(completed));
			fail(task, TaskFailure.failed(task.jobId(),
					"The result could not be stored: " + ex.getMostSpecificCause().getMessage()));
			done(end);
		}
		else if (end instanceof TaskEnd.Failed failed && failed.failure() != TaskFailure.REFUSED) {
			fail(task, TaskFailure.REFUSED);
			done(end);
		}
		else {
			again(end);
		}
	}

	private void ended(TaskEnd end) {
		this.running.remove(end.task());
		done(end);
		if (end instanceof TaskEnd.Completed || end instanceof TaskEnd.Failed) {
			this.waker.ended(end.task().row().endpoint());
		}
	}

	private synchronized void done(TaskEnd end) {
		this.inProgress.remove(end);
		notifyAll();
	}

	/**
	 * Store an end after the others, so that one that fails again and again does not
	 * delay them.
	 */
	private synchronized void again(TaskEnd end) {
		this.inProgress.remove(end);
		this.ends.add(end);
		notifyAll();
	}

	private synchronized void pause(Duration delay) throws InterruptedException {
		long until = System.nanoTime() + delay.toNanos();
		while (!this.closed) {
			long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
			if (millis <= 0) {
				return;
			}
			wait(millis);
		}
	}

	/**
	 * Wait until all ends are stored.
	 * @param nanos the maximum wait
	 */
	synchronized void awaitIdle(long nanos) throws InterruptedException {
		long until = System.nanoTime() + nanos;
		while (!this.ends.isEmpty() || !this.inProgress.isEmpty()) {
			long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
			if (millis <= 0) {
				return;
			}
			wait(millis);
		}
	}

	/**
	 * Stop storing, and write what is left to the spool.
	 */
	void close() {
		List<TaskEnd> left;
		synchronized (this) {
			this.closed = true;
			left = new ArrayList<>(this.inProgress);
			left.addAll(this.ends);
			notifyAll();
		}
		this.spool.write(unstored(left));
	}

	private static List<UnstoredResult> unstored(List<TaskEnd> ends) {
		return ends.stream()
			.filter((end) -> end instanceof TaskEnd.Completed)
			.map((end) -> unstored((TaskEnd.Completed) end))
			.toList();
	}

	private static UnstoredResult unstored(TaskEnd.Completed end) {
		return new UnstoredResult(end.task().row(), end.task().jobId(), end.result().toPublicMap());
	}

	/**
	 * Store a result from the spool.
	 * @return whether it was stored
	 */
	boolean store(UnstoredResult result) {
		return this.database.inTransaction(() -> announce(result.task(), AkiTaskState.COMPLETED,
				this.store.complete(result.task(), result.jobId(), StoredResult.of(AkiResult.of(result.fields())))));
	}

	/**
	 * The row of the queue is in use.
	 */
	private static final class StepRunningException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
