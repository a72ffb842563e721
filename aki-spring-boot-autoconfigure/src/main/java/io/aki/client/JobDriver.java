package io.aki.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.aki.client.JobMachine.Step;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Follows any number of jobs on a few threads: one timer tells when an exchange is due, a
 * job holds a thread only while it is made, and the caller's code runs elsewhere. Threads
 * come with the first job and go when there is nothing to do.
 */
final class JobDriver {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final long IDLE_SECONDS = 10;

	private static final long CLOSING_MILLIS = 1000;

	private final ScheduledThreadPoolExecutor timer;

	private final ExchangeThreads exchanges;

	private final CallbackThreads callbacks;

	JobDriver(AkiConcurrency concurrency) {
		this.timer = new ScheduledThreadPoolExecutor(1, ClientThreads.named("timer", false));
		this.timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
		this.timer.setRemoveOnCancelPolicy(true);
		this.exchanges = new ExchangeThreads(concurrency);
		this.callbacks = new CallbackThreads(concurrency, this.timer);
	}

	/**
	 * Return the threads for the callbacks of jobs that no caller waits for.
	 */
	Executor callbackThreads() {
		return this.callbacks;
	}

	void follow(FollowedJob job, Executor callbackThread) {
		Turn turn = new Turn(job, callbackThread);
		job.onWake(turn::wake);
		turn.begin(0);
	}

	/**
	 * End all threads. Jobs must have ended before.
	 * @param interrupting whether to interrupt callbacks that do not end
	 */
	void close(boolean interrupting) {
		this.timer.shutdownNow();
		this.exchanges.close();
		this.callbacks.close(interrupting ? CLOSING_MILLIS : 0);
	}

	/**
	 * Brings a job from one exchange to the next. Its callback comes between two
	 * exchanges, except for one that cancels the job, which waits for no one.
	 */
	private final class Turn implements ExchangeThreads.Exchange {

		private final FollowedJob job;

		private final Executor callbackThread;

		private @Nullable ScheduledFuture<?> timer;

		private Phase phase = Phase.WAITING;

		private int round;

		Turn(FollowedJob job, Executor callbackThread) {
			this.job = job;
			this.callbackThread = callbackThread;
		}

		/**
		 * Have the next exchange made.
		 * @param round tells a timer that comes too late
		 */
		void begin(int round) {
			synchronized (this) {
				if (round != this.round || !enter(Phase.DUE, Phase.WAITING)) {
					return;
				}
			}
			exchange();
		}

		/**
		 * Have the next exchange made now: there is a reason to end the job.
		 */
		void wake() {
			if (enter(Phase.DUE, Phase.WAITING, Phase.REPORTING)) {
				exchange();
			}
			else {
				hurry();
			}
		}

		private void hurry() {
			try {
				JobDriver.this.exchanges.hurry(this);
			}
			catch (RejectedExecutionException ex) {
				this.job.abandon();
			}
		}

		private void exchange() {
			try {
				JobDriver.this.exchanges.execute(this);
			}
			catch (RejectedExecutionException ex) {
				this.job.abandon();
			}
			catch (Error ex) {
				fail(ex);
			}
		}

		/**
		 * End the job: there is no thread to be had for it, for example.
		 */
		private void fail(Throwable cause) {
			logger.error("Following " + this.job + " failed", cause);
			this.job.fail(cause);
		}

		@Override
		public boolean isStart() {
			return this.job.isStarting() && !this.job.isStopping();
		}

		@Override
		public boolean needsPatience() {
			return this.job.needsPatience() && !this.job.isStopping();
		}

		@Override
		public boolean make(@Nullable Duration patience) {
			if (this.job.ended().isDone()) {
				return false;
			}
			Step step;
			try {
				step = this.job.exchange(patience);
			}
			catch (RuntimeException | Error ex) {
				fail(ex);
				return false;
			}
			if (step.result() != null) {
				this.job.end(step.result());
				return true;
			}
			if (step.progress() != null && !this.job.isStopping() && this.job.publish(step.progress())) {
				report(step.progress());
			}
			else {
				waitUntilDue(Phase.DUE);
			}
			return step.progress() != null;
		}

		private void report(AkiProgress progress) {
			enter(Phase.REPORTING, Phase.DUE);
			try {
				this.callbackThread.execute(() -> {
					this.job.report(progress);
					waitUntilDue(Phase.REPORTING);
				});
			}
			catch (RejectedExecutionException ex) {
				this.job.abandon();
			}
			catch (RuntimeException | Error ex) {
				fail(ex);
			}
			if (this.job.isStopping()) {
				wake();
			}
		}

		private void waitUntilDue(Phase from) {
			try {
				setTimer(from);
			}
			catch (RejectedExecutionException ex) {
				logger.debug("The client is closed; " + this.job + " is no longer followed");
				this.job.abandon();
			}
			catch (Error ex) {
				fail(ex);
			}
		}

		private synchronized void setTimer(Phase from) {
			if (enter(Phase.WAITING, from)) {
				int round = ++this.round;
				this.timer = JobDriver.this.timer.schedule(() -> begin(round), Math.max(this.job.nanosUntilDue(), 0),
						TimeUnit.NANOSECONDS);
			}
		}

		private synchronized boolean enter(Phase next, Phase... from) {
			for (Phase phase : from) {
				if (this.phase == phase) {
					this.phase = next;
					if (this.timer != null) {
						this.timer.cancel(false);
						this.timer = null;
					}
					return true;
				}
			}
			return false;
		}

	}

	/**
	 * What a job is waiting for: its time, its exchange, or its callback.
	 */
	private enum Phase {

		WAITING, DUE, REPORTING

	}

}
