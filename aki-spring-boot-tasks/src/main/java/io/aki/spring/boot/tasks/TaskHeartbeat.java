package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Renews the leases of the running tasks, finds tasks that other instances have claimed,
 * and cancels the jobs of tasks that were canceled on another instance.
 */
final class TaskHeartbeat implements Runnable {

	private static final Log logger = LogFactory.getLog(TaskHeartbeat.class);

	private static final Duration CANCEL_CHECK = Duration.ofSeconds(1);

	private final TaskStore store;

	private final TaskQueue queue;

	private final RunningTasks running;

	private final TaskCounters counters;

	private final DatabaseClock clock;

	private final String instance;

	private final Duration period;

	private final Duration lease;

	private final boolean retryUnknown;

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile long stableAt;

	private volatile boolean failing;

	private volatile long renewedAt = System.nanoTime();

	TaskHeartbeat(TaskStore store, TaskQueue queue, RunningTasks running, TaskCounters counters, DatabaseClock clock,
			String instance, Duration period, Duration lease, boolean retryUnknown) {
		this.store = store;
		this.queue = queue;
		this.running = running;
		this.counters = counters;
		this.clock = clock;
		this.instance = instance;
		this.period = period;
		this.lease = lease;
		this.retryUnknown = retryUnknown;
		this.stableAt = System.nanoTime() + lease.toNanos();
	}

	/**
	 * Return how long a task belongs to this instance after a heartbeat.
	 */
	Duration lease() {
		return this.lease;
	}

	/**
	 * Return how long this instance must not claim the tasks of others, because they may
	 * not have renewed their leases: it has just started, or the database was not
	 * available.
	 * @return the duration, zero if the leases can be trusted
	 */
	Duration untilStable() {
		if (this.failing || age().compareTo(this.lease) > 0) {
			return this.lease;
		}
		long nanos = this.stableAt - System.nanoTime();
		return (nanos > 0) ? Duration.ofNanos(nanos) : Duration.ZERO;
	}

	/**
	 * Return how long ago the leases were renewed.
	 */
	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.renewedAt);
	}

	void close() {
		this.closed.countDown();
	}

	@Override
	public void run() {
		Duration check = (CANCEL_CHECK.compareTo(this.period) < 0) ? CANCEL_CHECK : this.period;
		long renewAt = System.nanoTime();
		try {
			while (!this.closed.await(check.toMillis(), TimeUnit.MILLISECONDS)) {
				boolean renew = System.nanoTime() - renewAt >= 0;
				if (beat(renew) && renew) {
					renewAt = System.nanoTime() + this.period.toNanos();
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean beat(boolean renew) {
		try {
			// a database that does not answer blocks, and then there is no exception
			boolean late = age().compareTo(this.lease) > 0;
			if (renew) {
				renew();
			}
			cancel();
			if (this.failing || late) {
				this.stableAt = System.nanoTime() + this.lease.toNanos();
				this.failing = false;
				logger.info("The leases are renewed again");
			}
			return true;
		}
		catch (RuntimeException | Error ex) {
			if (!this.failing) {
				logger.warn("The leases of " + this.running.size() + " tasks could not be renewed, trying again: "
						+ ex.getMessage());
			}
			this.failing = true;
			return false;
		}
	}

	private void renew() {
		this.clock.synchronize();
		List<RunningTask> before = this.running.all();
		if (!before.isEmpty()) {
			this.queue.renew(before.stream().map((task) -> task.row().key()).toList(),
					this.clock.now().plus(this.lease));
			Map<TaskKey, TaskRow> rows = this.store.rowsOf(this.instance)
				.stream()
				.collect(Collectors.toMap(TaskRow::key, Function.identity()));
			before.stream().filter((task) -> !isSame(task, rows.get(task.row().key()))).forEach(this::check);
		}
		this.renewedAt = System.nanoTime();
	}

	private static boolean isSame(RunningTask task, @Nullable TaskRow row) {
		return row != null && row.attempt() == task.row().attempt();
	}

	/**
	 * Check a task that does not seem to belong to this instance any more.
	 */
	private void check(RunningTask task) {
		if (task.isReleased() || this.running.get(task.row().key().id()) != task) {
			return;
		}
		TaskRow row = this.store.row(task.row().key()).orElse(null);
		if (isSame(task, row)) {
			// it has ended here, or was claimed after the rows were read
			return;
		}
		if (row != null && row.jobId() == null && !this.retryUnknown) {
			// the other instance cannot know the job; the result is still accepted
			return;
		}
		if (!task.lose()) {
			return;
		}
		this.counters.leaseLost();
		if (row != null && row.jobId() != null && row.jobId().equals(task.jobId())) {
			logger.info("Another instance has claimed " + task + "; it follows the job");
			task.release();
		}
		else {
			logger.warn("Another instance has claimed " + task + "; the job " + task.jobId() + " is canceled");
			task.cancel();
		}
	}

	private void cancel() {
		if (this.running.size() == 0) {
			return;
		}
		for (TaskRow row : this.store.cancelRequests(this.instance)) {
			RunningTask task = this.running.get(row.key().id());
			if (task != null && isSame(task, row)) {
				task.cancel();
			}
		}
	}

}
