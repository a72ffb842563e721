package io.aki.client;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Polls any number of jobs with few threads. A timer starts the exchanges when they are
 * due. A job uses a thread only during its exchange. The caller's code runs in other
 * threads. Threads are created for the first job and end when they are idle.
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
	 * Return the threads for the callbacks of jobs that run in the background.
	 */
	ElasticThreadPool callbackThreads() {
		return this.callbacks;
	}

	/**
	 * Return a task that makes the exchanges of a job.
	 * @param callbackExecutor runs the job's callback
	 */
	PollTask newTask(DefaultAkiJob job, Executor callbackExecutor) {
		return new PollTask(job, callbackExecutor, this.exchanges, this.timer);
	}

	/**
	 * End all threads.
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
