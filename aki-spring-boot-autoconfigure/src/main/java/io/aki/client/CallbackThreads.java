package io.aki.client;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The threads that run code of the caller: a few, as long as it is quick. While all of
 * them are held by code that blocks there come to be more, up to a limit, so that it
 * delays no one else's.
 */
final class CallbackThreads implements Executor {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final int FEW = 6;

	private static final long IDLE_SECONDS = 10;

	private static final long LOOK_AGAIN_MILLIS = 50;

	private final ThreadPoolExecutor threads;

	private final ScheduledExecutorService timer;

	private final int few;

	private final int most;

	private boolean watched;

	private long completedBefore;

	CallbackThreads(AkiConcurrency concurrency, ScheduledExecutorService timer) {
		this.timer = timer;
		this.most = concurrency.callbackThreads();
		this.few = concurrency.virtualThreads() ? this.most : Math.min(FEW, this.most);
		this.threads = new ThreadPoolExecutor(this.few, this.most, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), ClientThreads.named("callback", concurrency.virtualThreads()));
		this.threads.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable action) {
		this.threads.execute(action);
		if (!this.threads.getQueue().isEmpty() && this.few < this.most) {
			watch();
		}
	}

	private synchronized void watch() {
		if (!this.watched) {
			this.watched = true;
			this.completedBefore = this.threads.getCompletedTaskCount();
			lookLater();
		}
	}

	private void lookLater() {
		try {
			this.timer.schedule(this::look, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The client is closed");
		}
	}

	/**
	 * Have more threads if none of them has ended anything for a while.
	 */
	private synchronized void look() {
		int queued = this.threads.getQueue().size();
		if (queued == 0) {
			this.watched = false;
			this.threads.setCorePoolSize(this.few);
			return;
		}
		long completed = this.threads.getCompletedTaskCount();
		if (completed == this.completedBefore) {
			int size = Math.min(this.most, this.threads.getActiveCount() + queued);
			logger.debug("All threads for callbacks are held; now there are " + size);
			this.threads.setCorePoolSize(size);
		}
		this.completedBefore = completed;
		lookLater();
	}

	/**
	 * End the threads after what is still to be done.
	 * @param graceMillis how long to wait until code that blocks is interrupted; 0 to
	 * leave it alone
	 */
	void close(long graceMillis) {
		this.threads.shutdown();
		if (graceMillis > 0 && !awaitTermination(graceMillis)) {
			List<Runnable> remaining = this.threads.shutdownNow();
			remaining.forEach(Runnable::run);
		}
	}

	private boolean awaitTermination(long millis) {
		try {
			return this.threads.awaitTermination(millis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
