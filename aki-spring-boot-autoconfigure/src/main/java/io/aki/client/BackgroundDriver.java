package io.aki.client;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.CustomizableThreadCreator;

/**
 * Follows any number of jobs on a few threads: a job holds a thread only during an
 * exchange and its callback, one timer wakes it for the next. Threads come with the first
 * job and go when there is nothing to do.
 */
final class BackgroundDriver {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final int THREADS = 16;

	private static final long IDLE_SECONDS = 10;

	private final ThreadPoolExecutor workers;

	private final ScheduledThreadPoolExecutor timer;

	BackgroundDriver() {
		this.workers = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads("aki-client-"));
		this.workers.allowCoreThreadTimeOut(true);
		this.timer = new ScheduledThreadPoolExecutor(1, threads("aki-client-timer-"));
		this.timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
		this.timer.setRemoveOnCancelPolicy(true);
	}

	private static ThreadFactory threads(String prefix) {
		CustomizableThreadCreator creator = new CustomizableThreadCreator(prefix);
		creator.setDaemon(true);
		return creator::createThread;
	}

	void follow(FollowedJob job) {
		Turn turn = new Turn(job);
		job.onWake(turn::wake);
		turn.take();
	}

	/**
	 * End all threads. Jobs must have ended before.
	 */
	void close() {
		this.timer.shutdownNow();
		this.workers.shutdownNow();
	}

	/**
	 * Lets one thread at a time advance a job.
	 */
	private final class Turn implements Runnable {

		private final FollowedJob job;

		private @Nullable ScheduledFuture<?> waiting;

		private boolean taken;

		Turn(FollowedJob job) {
			this.job = job;
		}

		void wake() {
			synchronized (this) {
				if (this.taken || this.waiting == null) {
					return;
				}
				this.waiting.cancel(false);
			}
			take();
		}

		private void take() {
			synchronized (this) {
				if (this.taken) {
					return;
				}
				this.taken = true;
				this.waiting = null;
			}
			try {
				BackgroundDriver.this.workers.execute(this);
			}
			catch (RejectedExecutionException ex) {
				this.job.abandon();
			}
		}

		@Override
		public void run() {
			boolean ended = true;
			try {
				ended = this.job.advance();
			}
			catch (RuntimeException | Error ex) {
				logger.error("Following " + this.job + " failed", ex);
				this.job.abandon();
			}
			if (!ended) {
				waitUntilDue();
			}
		}

		private void waitUntilDue() {
			synchronized (this) {
				this.taken = false;
				try {
					this.waiting = BackgroundDriver.this.timer.schedule(this::take,
							Math.max(this.job.nanosUntilDue(), 0), TimeUnit.NANOSECONDS);
					return;
				}
				catch (RejectedExecutionException ex) {
					logger.debug("The client is closed; " + this.job + " is no longer followed");
				}
			}
			this.job.abandon();
		}

	}

}
