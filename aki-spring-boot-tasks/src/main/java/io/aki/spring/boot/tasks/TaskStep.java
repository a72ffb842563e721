package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiProgressCallback;
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

	private static final Duration FULL_DELAY = RefusedStarts.DELAY_MAX;

	private static final Duration MISCONFIGURED_DELAY = Duration.ofSeconds(30);

	/** A guard decides how long a task waits, but not forever. */
	private static final Duration RETRY_AFTER_MAX = Duration.ofDays(1);

	/** Waiting tasks cause at most this many steps per second. */
	private static final int FULL_STEPS_PER_SECOND = 50;

	private static final int EARLIER_MAX = 10_000;

	private final TaskStore store;

	private final TaskClaims claims;

	private final RunningTasks running;

	private final RefusedStarts refusals;

	private final TaskFollower follower;

	private final TaskHeartbeat heartbeat;

	private final TaskWaker waker;

	private final AkiClient client;

	private final TaskCounters counters;

	private final String instance;

	private final boolean retryUnknown;

	TaskStep(TaskStore store, TaskClaims claims, RunningTasks running, RefusedStarts refusals, TaskFollower follower,
			TaskHeartbeat heartbeat, TaskWaker waker, AkiClient client, TaskCounters counters, String instance,
			boolean retryUnknown) {
		this.store = store;
		this.claims = claims;
		this.running = running;
		this.refusals = refusals;
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
		catch (TaskClaims.TaskChangedException ex) {
			// look again
			return Duration.ZERO;
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
		TaskClaims.Claim claim = this.claims.of(task, version, unknown);
		if (unknown) {
			return fail(claim, TaskFailure.failed(null, TaskFailure.MAY_BE_PAID));
		}
		if (task.jobId() != null) {
			// a job that runs already must be followed: its result would be lost
			return follow(task, claim);
		}
		if (task.cancelRequested()) {
			return fail(claim, TaskFailure.CANCELED_BEFORE_START);
		}
		return (this.running.hasRoom(task.endpoint()) && this.refusals.mayAsk(task)) ? follow(task, claim)
				: delay(task);
	}

	private boolean isOfAnother(TaskRow task) {
		return task.instance() != null && !task.instance().equals(this.instance);
	}

	private Duration fail(TaskClaims.Claim claim, TaskFailure failure) {
		this.follower.fail(claim.task(), failure);
		return this.heartbeat.lease();
	}

	/**
	 * Return when to look again whether there is room: the later, the more tasks of the
	 * endpoint were submitted before.
	 */
	private Duration delay(TaskRow task) {
		this.waker.waits(task.endpoint());
		boolean pending = task.state() == AkiTaskState.PENDING;
		long earlier = pending ? this.store.pendingBefore(task, EARLIER_MAX) : 0;
		return FULL_DELAY.plusMillis(earlier * 1000 / FULL_STEPS_PER_SECOND)
			.plusMillis(ThreadLocalRandom.current().nextLong(FULL_DELAY.toMillis()));
	}

	/**
	 * Start or resume the job of a task, and follow it.
	 */
	private Duration follow(TaskRow task, TaskClaims.Claim claim) {
		try {
			AkiJob job = (task.jobId() != null) ? resume(task, task.jobId(), claim) : start(task, claim);
			// readers of the text may leave
			claim.task().follow(job.keepRunning());
			this.follower.follow(claim.task(), job);
			return this.heartbeat.lease();
		}
		catch (TaskClaims.TaskChangedException ex) {
			throw ex;
		}
		catch (AkiRequestRefusedException ex) {
			return refused(task, claim, ex);
		}
		catch (AkiTaskRejectedException ex) {
			logger.info("Cannot start " + task + " yet: " + ex.getMessage());
			claim.release();
			return FULL_DELAY;
		}
		catch (IllegalArgumentException ex) {
			return fail(claim, TaskFailure.failed(task.jobId(), String.valueOf(ex.getMessage())));
		}
		catch (IllegalStateException ex) {
			// such as a missing API key: the configuration is wrong, not the task
			logger.error("Cannot start " + task + " yet: " + ex.getMessage());
			claim.release();
			return MISCONFIGURED_DELAY;
		}
		catch (RuntimeException | Error ex) {
			// nothing was sent
			claim.release();
			throw ex;
		}
	}

	private AkiJob resume(TaskRow task, String jobId, TaskClaims.Claim claim) {
		RunningTask running = claim.task();
		logger.debug("Resuming " + running);
		return this.client.forEndpoint(task.endpoint()).resume(jobId, callback(claim));
	}

	/**
	 * Ask the guards with the owner of the task as the user, claim the task, and start
	 * its job.
	 */
	private AkiJob start(TaskRow task, TaskClaims.Claim claim) {
		// read before the claim: a failure of the database must not look like a start
		Map<String, ?> params = this.store.params(task.key().id());
		TaskOwner owner = task.owner().isEmpty() ? null : new TaskOwner(task.owner());
		AkiClient client = this.client.mutate().principal(() -> owner).requestGuard(claim).build();
		logger.debug("Starting " + task);
		AkiJob job = client.forEndpoint(task.endpoint()).doApiRequestAsync(params, callback(claim));
		this.refusals.allowed(task);
		if (claim.wasPending()) {
			this.counters.started(claim.waited());
		}
		return job;
	}

	private AkiProgressCallback callback(TaskClaims.Claim claim) {
		return (info, data) -> this.follower.progress(claim.task(), info);
	}

	/**
	 * Try later if the refusal says when, otherwise fail. Nothing was sent, and a task
	 * that is tried later was not claimed: {@link TaskRow#attempt()} does not change.
	 */
	private Duration refused(TaskRow task, TaskClaims.Claim claim, AkiRequestRefusedException refusal) {
		Duration retryAfter = refusal.retryAfter();
		if (retryAfter == null) {
			return fail(claim, TaskFailure.failed(null, refusal.reason()));
		}
		logger.debug("Cannot start " + task + " yet: " + refusal.getMessage());
		this.refusals.refused(task, retryAfter);
		return ((retryAfter.compareTo(RETRY_AFTER_MAX) < 0) ? retryAfter : RETRY_AFTER_MAX).plus(delay(task));
	}

}
