package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiTaskRejectedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Does what is due for a task: starts its job, or resumes the job of an instance whose
 * lease has ended. It does not wait for the job.
 */
final class TaskStep {

	/** The task's id in the diagnostic context of the log. */
	static final String MDC_KEY = "aki.task";

	private static final Log logger = LogFactory.getLog(TaskStep.class);

	private static final Duration FULL_DELAY = Duration.ofSeconds(2);

	private static final Duration MISCONFIGURED_DELAY = Duration.ofSeconds(30);

	/** Waiting tasks cause at most this many steps per second. */
	private static final int FULL_STEPS_PER_SECOND = 50;

	private static final int EARLIER_MAX = 10_000;

	private final TaskDatabase database;

	private final TaskStore store;

	private final TaskNotifier notifier;

	private final RunningTasks running;

	private final TaskFollower follower;

	private final TaskHeartbeat heartbeat;

	private final TaskWaker waker;

	private final AkiClient client;

	private final TaskCounters counters;

	private final String instance;

	private final boolean retryUnknown;

	TaskStep(TaskDatabase database, TaskStore store, TaskNotifier notifier, RunningTasks running, TaskFollower follower,
			TaskHeartbeat heartbeat, TaskWaker waker, AkiClient client, TaskCounters counters, String instance,
			boolean retryUnknown) {
		this.database = database;
		this.store = store;
		this.notifier = notifier;
		this.running = running;
		this.follower = follower;
		this.heartbeat = heartbeat;
		this.waker = waker;
		this.client = client;
		this.counters = counters;
		this.instance = instance;
		this.retryUnknown = retryUnknown;
	}

	/**
	 * Do what is due.
	 * @param key the task
	 * @param version the version of the row in the queue
	 * @return when the task is due again, or {@code null} if it has ended
	 */
	@Nullable Duration execute(TaskKey key, long version) {
		MDC.put(MDC_KEY, key.id());
		try {
			TaskRow task = this.store.row(key).orElse(null);
			return (task == null || task.state().isFinal()) ? null : execute(task, version);
		}
		finally {
			MDC.remove(MDC_KEY);
		}
	}

	private Duration execute(TaskRow task, long version) {
		if (this.running.isClosed()) {
			return Duration.ZERO;
		}
		boolean claimedBefore = task.state() != AkiTaskState.PENDING;
		if (claimedBefore) {
			RunningTask mine = this.running.get(task.key().id());
			if (mine != null && mine.row().attempt() == task.attempt()) {
				return this.heartbeat.lease();
			}
			Duration wait = this.heartbeat.untilStable();
			if (isOfAnother(task) && !wait.isZero()) {
				return wait;
			}
		}
		// an instance knows all jobs that it has started
		boolean unknown = claimedBefore && task.jobId() == null && isOfAnother(task) && !this.retryUnknown;
		// a job that runs already must be followed: its result would be lost
		boolean starts = task.jobId() == null && !unknown;
		return (starts && !this.running.hasRoom(task.endpoint())) ? delay(task, task.state() == AkiTaskState.PENDING)
				: claim(task, version, unknown);
	}

	private boolean isOfAnother(TaskRow task) {
		return task.instance() != null && !task.instance().equals(this.instance);
	}

	/**
	 * Return when to look again whether there is room: the later, the more tasks of the
	 * endpoint were submitted before.
	 */
	private Duration delay(TaskRow task, boolean pending) {
		this.waker.waits(task.endpoint());
		long earlier = pending ? this.store.pendingBefore(task, EARLIER_MAX) : 0;
		return FULL_DELAY.plusMillis(earlier * 1000 / FULL_STEPS_PER_SECOND)
			.plusMillis(ThreadLocalRandom.current().nextLong(FULL_DELAY.toMillis()));
	}

	private Duration claim(TaskRow task, long version, boolean unknown) {
		// read before the claim: a failure of the database must not look like a start
		Map<String, ?> params = (task.jobId() == null) ? this.store.params(task.key().id()) : Map.of();
		Optional<TaskRow> claimed = this.database.inBackground(() -> store(task, version));
		if (claimed.isEmpty()) {
			// somebody has changed the task: look again
			return Duration.ZERO;
		}
		RunningTask running = new RunningTask(claimed.get());
		if (!this.running.add(running)) {
			if (!unknown && task.jobId() == null) {
				unclaim(claimed.get());
			}
			return Duration.ZERO;
		}
		if (unknown) {
			this.follower.fail(running, TaskFailure.failed(null, TaskFailure.MAY_BE_PAID));
			return this.heartbeat.lease();
		}
		if (task.cancelRequested() && task.jobId() == null) {
			this.follower.fail(running, TaskFailure.CANCELED_BEFORE_START);
			return this.heartbeat.lease();
		}
		logger.debug(((task.jobId() != null) ? "Resuming " : "Starting ") + running);
		return start(running, params);
	}

	private Optional<TaskRow> store(TaskRow task, long version) {
		Optional<TaskRow> claimed = this.store.claim(task, this.instance, version);
		if (claimed.isPresent() && task.state() == AkiTaskState.PENDING) {
			this.store.find(task.key().id(), null).ifPresent((stored) -> {
				Duration waited = Duration.between(stored.createdAt(), startedAt(stored));
				this.notifier.stateChanged(stored);
				this.notifier.afterCommit(() -> this.counters.started(waited));
			});
		}
		return claimed;
	}

	private static Instant startedAt(AkiTask task) {
		return (task.startedAt() != null) ? task.startedAt() : task.createdAt();
	}

	private Duration start(RunningTask running, Map<String, ?> params) {
		TaskRow task = running.row();
		try {
			AkiClient endpoint = this.client.forEndpoint(task.endpoint());
			AkiJob job;
			if (task.jobId() != null) {
				job = endpoint.resume(task.jobId(), (info, data) -> this.follower.progress(running, info));
			}
			else {
				job = endpoint.doApiRequestAsync(params, (info, data) -> this.follower.progress(running, info));
			}
			// readers of the text may leave
			running.follow(job.keepRunning());
			this.follower.follow(running, job);
			return this.heartbeat.lease();
		}
		catch (AkiRequestRefusedException ex) {
			return refused(running, ex);
		}
		catch (AkiTaskRejectedException ex) {
			logger.info("Cannot start " + running + " yet: " + ex.getMessage());
			return later(running, FULL_DELAY);
		}
		catch (IllegalArgumentException ex) {
			this.follower.fail(running, TaskFailure.failed(task.jobId(), String.valueOf(ex.getMessage())));
			return this.heartbeat.lease();
		}
		catch (IllegalStateException ex) {
			// such as a missing API key: the configuration is wrong, not the task
			logger.error("Cannot start " + running + " yet: " + ex.getMessage());
			return later(running, MISCONFIGURED_DELAY);
		}
		catch (RuntimeException | Error ex) {
			// nothing was sent
			later(running, FULL_DELAY);
			throw ex;
		}
	}

	/**
	 * Try later if the refusal says when, otherwise fail. Nothing was sent.
	 */
	private Duration refused(RunningTask running, AkiRequestRefusedException refusal) {
		Duration retryAfter = refusal.retryAfter();
		if (retryAfter == null) {
			this.follower.fail(running, TaskFailure.failed(null, String.valueOf(refusal.getMessage())));
			return this.heartbeat.lease();
		}
		logger.debug("Cannot start " + running + " yet: " + refusal.getMessage());
		return later(running, retryAfter).plus(delay(running.row(), true));
	}

	private Duration later(RunningTask running, Duration delay) {
		this.running.remove(running);
		if (running.row().jobId() == null) {
			unclaim(running.row());
		}
		return delay;
	}

	private void unclaim(TaskRow task) {
		this.database.inBackground(() -> {
			boolean unclaimed = this.store.unclaim(task);
			if (unclaimed) {
				this.store.find(task.key().id(), null).ifPresent(this.notifier::stateChanged);
			}
			return unclaimed;
		});
	}

}
