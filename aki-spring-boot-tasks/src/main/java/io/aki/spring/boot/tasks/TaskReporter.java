package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataIntegrityViolationException;

/**
 * Writes the progress of the running tasks to the database, in batches: the id of a new
 * job at once, all other progress at most once per {@code report-interval} and task.
 */
final class TaskReporter implements Runnable {

	private static final Log logger = LogFactory.getLog(TaskReporter.class);

	private static final int BATCH_SIZE = 500;

	private static final Duration FAILURE_DELAY = Duration.ofSeconds(1);

	private final TaskStore store;

	private final TaskDatabase database;

	private final TaskNotifier notifier;

	private final Duration interval;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Tasks whose job ids are not stored. */
	private final Set<RunningTask> urgent = new LinkedHashSet<>();

	private final Set<RunningTask> dirty = new LinkedHashSet<>();

	/** The reports that are stored; used by the thread only. */
	private final Map<RunningTask, TaskReport> stored = new HashMap<>();

	private final Set<RunningTask> forgotten = new LinkedHashSet<>();

	private boolean closed;

	TaskReporter(TaskStore store, TaskDatabase database, TaskNotifier notifier, Duration interval) {
		this.store = store;
		this.database = database;
		this.notifier = notifier;
		this.interval = interval;
	}

	void report(RunningTask task, boolean first) {
		this.lock.lock();
		try {
			(first ? this.urgent : this.dirty).add(task);
			if (first) {
				this.changed.signal();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Write nothing more for a task that has ended.
	 */
	void forget(RunningTask task) {
		this.lock.lock();
		try {
			this.urgent.remove(task);
			this.dirty.remove(task);
			this.forgotten.add(task);
		}
		finally {
			this.lock.unlock();
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void run() {
		long nextAt = System.nanoTime() + this.interval.toNanos();
		while (true) {
			List<RunningTask> tasks;
			this.lock.lock();
			try {
				long wait = nextAt - System.nanoTime();
				while (this.urgent.isEmpty() && wait > 0 && !this.closed) {
					wait = this.changed.awaitNanos(wait);
				}
				if (this.closed && this.urgent.isEmpty()) {
					return;
				}
				tasks = new ArrayList<>(this.urgent);
				this.urgent.clear();
				if (wait <= 0) {
					tasks.addAll(this.dirty);
					this.dirty.clear();
					nextAt = System.nanoTime() + this.interval.toNanos();
				}
				this.stored.keySet().removeAll(this.forgotten);
				this.forgotten.clear();
			}
			catch (InterruptedException ex) {
				return;
			}
			finally {
				this.lock.unlock();
			}
			write(tasks);
		}
	}

	private void write(List<RunningTask> tasks) {
		List<RunningTask> sorted = tasks.stream()
			.distinct()
			.filter((task) -> task.report() != null && !task.report().equals(this.stored.get(task)))
			// batches of several instances lock the rows in the same order
			.sorted(Comparator.comparing((task) -> task.row().key().id()))
			.toList();
		for (int from = 0; from < sorted.size(); from += BATCH_SIZE) {
			List<RunningTask> batch = sorted.subList(from, Math.min(sorted.size(), from + BATCH_SIZE));
			try {
				writeBatch(batch);
			}
			catch (DataIntegrityViolationException ex) {
				writeEach(batch);
			}
			catch (RuntimeException | Error ex) {
				logger.warn("The progress of " + batch.size() + " tasks could not be stored, trying again: "
						+ ex.getMessage());
				retryLater(sorted.subList(from, sorted.size()));
				return;
			}
		}
	}

	/**
	 * Write reports one by one, because the database refuses one of them.
	 */
	private void writeEach(List<RunningTask> tasks) {
		for (RunningTask task : tasks) {
			try {
				writeBatch(List.of(task));
			}
			catch (DataIntegrityViolationException ex) {
				logger.error("The database refuses the progress of " + task, ex);
			}
			catch (RuntimeException ex) {
				report(task, task.row().jobId() == null);
			}
		}
	}

	private void writeBatch(List<RunningTask> tasks) {
		List<TaskReport> reports = tasks.stream().map(RunningTask::report).toList();
		this.database.inBackground(() -> {
			boolean[] updated = this.store.report(reports);
			List<String> transitions = new ArrayList<>();
			for (int i = 0; i < updated.length; i++) {
				TaskReport report = reports.get(i);
				if (updated[i] && isTransition(tasks.get(i), report)) {
					transitions.add(report.task().key().id());
				}
				else if (updated[i]) {
					this.notifier.changed(new OwnedChange(report.task().owner(),
							new AkiTaskChange(report.task().key().id(), report.state())));
				}
			}
			this.store.findAll(transitions).forEach(this.notifier::stateChanged);
			return transitions.size();
		});
		for (int i = 0; i < reports.size(); i++) {
			this.stored.put(tasks.get(i), reports.get(i));
		}
	}

	private boolean isTransition(RunningTask task, TaskReport report) {
		TaskReport before = this.stored.get(task);
		return report.state() != ((before != null) ? before.state() : task.row().state());
	}

	private void retryLater(List<RunningTask> tasks) {
		this.lock.lock();
		try {
			tasks.stream().filter((task) -> !this.forgotten.contains(task)).forEach((task) -> {
				boolean unknown = task.row().jobId() == null && !this.stored.containsKey(task);
				(unknown ? this.urgent : this.dirty).add(task);
			});
			if (!this.closed) {
				this.changed.await(FAILURE_DELAY.toMillis(), TimeUnit.MILLISECONDS);
			}
			else {
				this.urgent.clear();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

}
