package io.aki.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.aki.client.JobStateMachine.Transition;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes the exchanges of one job, one after the other. The callback runs between two
 * exchanges. An exchange that cancels the job does not wait for the callback, and runs
 * before the exchanges of other jobs.
 */
final class PollTask implements Runnable {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final DefaultAkiJob job;

	private final Executor callbackExecutor;

	private final ElasticThreadPool exchanges;

	private final ScheduledExecutorService timer;

	private Phase phase = Phase.WAITING;

	private @Nullable Future<?> due;

	PollTask(DefaultAkiJob job, Executor callbackExecutor, ElasticThreadPool exchanges,
			ScheduledExecutorService timer) {
		this.job = job;
		this.callbackExecutor = callbackExecutor;
		this.exchanges = exchanges;
		this.timer = timer;
	}

	/**
	 * Make the first exchange as soon as a thread is free.
	 */
	void start() {
		enqueue(Phase.WAITING);
	}

	/**
	 * End the job, or make the exchange that cancels it before those of other jobs.
	 */
	void wake() {
		if (this.job.ended().isDone()) {
			enter(Phase.ENDED, Phase.WAITING);
		}
		else if (this.job.endsWithoutExchange()) {
			if (enter(Phase.RUNNING, Phase.WAITING) || enter(Phase.RUNNING, Phase.QUEUED)
					|| enter(Phase.RUNNING, Phase.REPORTING)) {
				guarded(this::exchange);
			}
		}
		else if (!enqueue(Phase.WAITING) && !enqueue(Phase.REPORTING)) {
			// the task is queued already: queue it again at the head
			enqueue(Phase.QUEUED);
		}
	}

	private boolean enqueue(Phase from) {
		if (!enter(Phase.QUEUED, from)) {
			return false;
		}
		guarded(() -> {
			if (this.job.isStopping()) {
				this.exchanges.executeFirst(this);
			}
			else {
				this.exchanges.execute(this);
			}
		});
		return true;
	}

	/**
	 * Make the exchange that is due.
	 */
	@Override
	public void run() {
		if (enter(Phase.RUNNING, Phase.QUEUED) && !this.job.ended().isDone()) {
			guarded(this::exchange);
		}
	}

	private void exchange() {
		Transition transition = this.job.exchange();
		AkiProgress progress = transition.progress();
		if (transition.result() != null) {
			this.job.end(transition.result());
		}
		else if (progress != null && !this.job.isStopping() && this.job.publish(progress)) {
			report(progress);
		}
		else {
			waitUntilDue(Phase.RUNNING);
		}
	}

	private void report(AkiProgress progress) {
		enter(Phase.REPORTING, Phase.RUNNING);
		this.callbackExecutor.execute(() -> {
			this.job.report(progress);
			guarded(() -> waitUntilDue(Phase.REPORTING));
		});
		if (this.job.isStopping()) {
			wake();
		}
	}

	private synchronized void waitUntilDue(Phase from) {
		if (enter(Phase.WAITING, from)) {
			this.due = this.timer.schedule(() -> enqueue(Phase.WAITING), Math.max(this.job.nanosUntilDue(), 0),
					TimeUnit.NANOSECONDS);
		}
	}

	private synchronized boolean enter(Phase next, Phase from) {
		if (this.phase != from) {
			return false;
		}
		this.phase = next;
		if (this.due != null) {
			this.due.cancel(false);
			this.due = null;
		}
		return true;
	}

	/**
	 * End the job if the client is closed, or if an unexpected exception occurs, such as
	 * the one for a thread that cannot be created.
	 */
	private void guarded(Runnable action) {
		try {
			action.run();
		}
		catch (RejectedExecutionException ex) {
			this.job.endUnfinished();
		}
		catch (RuntimeException | Error ex) {
			logger.error("Polling " + this.job + " failed", ex);
			this.job.fail(ex);
		}
	}

	/**
	 * What the job waits for.
	 */
	private enum Phase {

		/** The time at which its next exchange is due. */
		WAITING,

		/** A thread for its next exchange. */
		QUEUED,

		/** The end of its exchange. */
		RUNNING,

		/** The end of its callback. */
		REPORTING,

		ENDED

	}

}
