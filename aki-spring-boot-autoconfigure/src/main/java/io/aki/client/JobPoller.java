package io.aki.client;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Polls any number of jobs with few threads: a timer knows when the next exchange of each
 * job is due, a job uses a thread only during its exchange, and code of the caller runs
 * in other threads. Threads are created with the first job and end without work.
 */
final class JobPoller {

	private static final int EXCHANGE_THREADS = 16;

	private static final int CALLBACK_THREADS = 6;

	private static final long IDLE_SECONDS = 10;

	private static final long CLOSING_MILLIS = 1000;

	private final ScheduledThreadPoolExecutor timer;

	private final ElasticThreadPool exchanges;

	private final ElasticThreadPool callbacks;

	JobPoller(AkiConcurrency concurrency) {
		this.timer = new ScheduledThreadPoolExecutor(1, ClientThreads.named("timer", false));
		this.timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
		this.timer.allowCoreThreadTimeOut(true);
		this.timer.setRemoveOnCancelPolicy(true);
		boolean virtual = concurrency.virtualThreads();
		this.exchanges = new ElasticThreadPool("poll", EXCHANGE_THREADS, concurrency.pollThreads(), virtual,
				this.timer);
		this.callbacks = new ElasticThreadPool("callback", CALLBACK_THREADS, concurrency.callbackThreads(), virtual,
				this.timer);
	}

	/**
	 * Return the threads for the callbacks of jobs that no caller waits for.
	 */
	ElasticThreadPool callbackThreads() {
		return this.callbacks;
	}

	/**
	 * Make the exchanges of a job until it ends.
	 * @param callbackThread runs the job's callback
	 */
	void poll(DefaultAkiJob job, Executor callbackThread) {
		PollTask task = new PollTask(job, callbackThread, this.exchanges, this.timer);
		job.onWake(task::wake);
		task.start();
	}

	/**
	 * End all threads. Jobs must have ended before.
	 * @param interrupting whether to interrupt callbacks that do not end
	 */
	void close(boolean interrupting) {
		this.timer.shutdownNow();
		this.exchanges.shutdownNow(0);
		if (interrupting) {
			this.callbacks.shutdownNow(CLOSING_MILLIS);
		}
		else {
			this.callbacks.shutdown();
		}
	}

}
