package io.aki.client;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A thread pool for tasks that may block. It has a few threads as long as no task waits
 * long. When a task has waited for 50 ms the pool doubles its threads, up to a limit.
 * When tasks no longer wait it goes back to the threads that it uses. Threads without
 * work end after 10 s.
 */
final class ElasticThreadPool implements Executor {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final ThreadLocal<@Nullable ElasticThreadPool> current = new ThreadLocal<>();

	private static final long IDLE_SECONDS = 10;

	private static final long CHECK_MILLIS = 50;

	/** The number of checks without a late task before the pool shrinks: 1 s. */
	private static final int CHECKS_BEFORE_SHRINKING = 20;

	private final Queue<Runnable> urgent = new ConcurrentLinkedQueue<>();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final ThreadPoolExecutor threads;

	private final ScheduledExecutorService timer;

	private final int coreSize;

	private final int maxSize;

	/** Whether {@link #check()} is scheduled. */
	private volatile boolean watched;

	private long submittedBefore;

	private int mostActive;

	private int checksWithoutLateTask;

	/**
	 * Create a pool.
	 * @param name part of the threads' names
	 * @param coreSize the number of threads while no task waits long
	 * @param maxSize the number of threads at most
	 * @param virtual whether to use virtual threads, where the JVM has them. They cost
	 * little, so that the pool has {@code maxSize} of them from the beginning
	 * @param timer runs the checks
	 */
	ElasticThreadPool(String name, int coreSize, int maxSize, boolean virtual, ScheduledExecutorService timer) {
		this.maxSize = maxSize;
		this.coreSize = virtual ? maxSize : Math.min(coreSize, maxSize);
		this.timer = timer;
		ThreadFactory factory = ClientThreads.named(name, virtual);
		this.threads = new ThreadPoolExecutor(this.coreSize, this.coreSize, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (worker) -> factory.newThread(() -> {
					current.set(this);
					worker.run();
				}));
		this.threads.allowCoreThreadTimeOut(true);
	}

	@Override
	public void execute(Runnable task) {
		execute(task, this.tasks);
	}

	/**
	 * Run a task before all tasks that wait.
	 */
	void executeFirst(Runnable task) {
		execute(task, this.urgent);
	}

	private void execute(Runnable task, Queue<Runnable> queue) {
		queue.add(task);
		try {
			this.threads.execute(this::runNext);
		}
		catch (RejectedExecutionException | Error ex) {
			queue.remove(task);
			throw ex;
		}
		if (!this.watched && !this.threads.getQueue().isEmpty()) {
			watch();
		}
	}

	private void runNext() {
		Runnable next = this.urgent.poll();
		if (next == null) {
			next = this.tasks.poll();
		}
		if (next != null) {
			next.run();
		}
	}

	/**
	 * Return the number of threads that the pool may have now.
	 */
	int size() {
		return this.threads.getMaximumPoolSize();
	}

	private synchronized void watch() {
		if (!this.watched && this.coreSize < this.maxSize) {
			this.watched = true;
			this.submittedBefore = Long.MIN_VALUE;
			checkLater();
		}
	}

	private void checkLater() {
		try {
			this.timer.schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The client is closed");
		}
	}

	private synchronized void check() {
		int waiting = this.threads.getQueue().size();
		long submitted = this.threads.getTaskCount();
		this.mostActive = Math.max(this.mostActive, this.threads.getActiveCount());
		boolean late = submitted - waiting < this.submittedBefore;
		this.submittedBefore = submitted;
		int size = this.threads.getCorePoolSize();
		if (late) {
			this.checksWithoutLateTask = 0;
			resize(Math.min(this.maxSize, 2 * size));
		}
		else if (++this.checksWithoutLateTask >= CHECKS_BEFORE_SHRINKING) {
			this.checksWithoutLateTask = 0;
			resize(Math.max(this.coreSize, Math.min(size, this.mostActive)));
			this.mostActive = 0;
		}
		if (waiting == 0 && this.threads.getCorePoolSize() == this.coreSize) {
			this.watched = false;
		}
		else {
			checkLater();
		}
	}

	private void resize(int size) {
		int before = this.threads.getCorePoolSize();
		if (size == before) {
			return;
		}
		logger.debug("Changing the number of threads from " + before + " to " + size);
		try {
			if (size > before) {
				this.threads.setMaximumPoolSize(size);
				this.threads.setCorePoolSize(size);
			}
			else {
				this.threads.setCorePoolSize(size);
				// ends the threads above it when they finish their task
				this.threads.setMaximumPoolSize(size);
			}
		}
		catch (Error ex) {
			logger.warn("No more threads can be created", ex);
		}
	}

	/**
	 * Return whether the calling thread is one of this pool.
	 */
	boolean isCurrentThread() {
		return current.get() == this;
	}

	/**
	 * End the threads after their tasks, and after those that wait.
	 */
	void shutdown() {
		this.threads.shutdown();
	}

	/**
	 * End the threads, and interrupt those that are busy, except for the calling thread.
	 * Tasks that wait run in the calling thread.
	 * @param graceMillis the time until threads are interrupted
	 */
	void shutdownNow(long graceMillis) {
		this.threads.shutdown();
		if (isCurrentThread() || !awaitTermination(graceMillis)) {
			boolean interrupted = Thread.currentThread().isInterrupted();
			List<Runnable> remaining = this.threads.shutdownNow();
			if (isCurrentThread() && !interrupted) {
				Thread.interrupted();
			}
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
