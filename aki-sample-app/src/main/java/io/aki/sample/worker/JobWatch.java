package io.aki.sample.worker;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiJob;
import io.aki.client.AkiProgressData;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import io.aki.sample.task.TaskReport;
import org.jspecify.annotations.Nullable;

/**
 * Passes the state of a job from the client's threads to the worker's thread. Only the
 * worker's thread writes to the database. Therefore, a short failure of the database does
 * not cause an exception in a callback, which would cancel the job.
 */
final class JobWatch {

	private final Semaphore news = new Semaphore(0);

	private volatile @Nullable TaskReport report;

	private volatile @Nullable AkiResult result;

	private volatile @Nullable Throwable failure;

	private volatile boolean leaving;

	/**
	 * Receive the progress of the job. The client calls this method as its callback.
	 */
	void progress(AkiProgressInfo info, @Nullable AkiProgressData data) {
		Object message = (data != null) ? data.get("progress_message") : null;
		this.report = new TaskReport(info, (message != null) ? message.toString() : null);
		this.news.release();
	}

	void watch(AkiJob job) {
		job.result().whenComplete((result, failure) -> {
			this.failure = failure;
			this.result = result;
			this.news.release();
		});
	}

	/**
	 * Release the job, so that another instance can continue it.
	 */
	void leave() {
		this.leaving = true;
		this.news.release();
	}

	void await(Duration limit) throws InterruptedException {
		this.news.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
		this.news.drainPermits();
	}

	@Nullable TaskReport report() {
		return this.report;
	}

	@Nullable AkiResult result() {
		return this.result;
	}

	@Nullable Throwable failure() {
		return this.failure;
	}

	boolean isLeaving() {
		return this.leaving;
	}

}
