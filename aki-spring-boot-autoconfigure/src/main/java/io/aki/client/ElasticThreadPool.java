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
 * A thread pool for tasks that may block. It has few threads while no task waits for
 * long. It has more threads, up to a limit, once a task has waited for 50 ms.
 * {@link PoolSizing} decides how many. Idle threads end after 10 s.
 */
final class ElasticThreadPool implements Executor {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final ThreadLocal<@Nullable ElasticThreadPool> current = new ThreadLocal<>();

	private static final long IDLE_SECONDS = 10;

	private static final long CHECK_MILLIS = 50;

	private static final double CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(CHECK_MILLIS);

	private final Queue<Runnable> urgent = new ConcurrentLinkedQueue<>();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final Runnable next = this::runNext;

	private final ThreadPoolExecutor threads;

	private final ScheduledExecutorService timer;

	private final PoolSizing sizing;

	private final boolean elastic;

	/** Whether {@link #check()} is scheduled. */
	private volatile boolean watched;

	private long submittedBefore;

	private long completedBefore;

	private long checkedAt;

	/**
	 * Create a pool.
	 * @param name part of the threads' names
	 * @param coreSize the number of threads while no task waits for long
	 * @param maxSize the maximum number of threads
	 * @param virtual whether to use virtual threads, if the JVM supports them. They are
	 * cheap, so that the pool always has {@code maxSize} of them
	 * @param timer runs the checks
	 */
	ElasticThreadPool(String name, int coreSize, int maxSize, boolean virtual, ScheduledExecutorService timer) {
		int size = (virtual && ClientThreads.VIRTUAL_THREADS) ? maxSize : Math.min(coreSize, maxSize);
		this.elastic = size < maxSize;
		this.sizing = new PoolSizing(size, maxSize);
		this.timer = timer;
		ThreadFactory factory = ClientThreads.named(name, virtual);
		this.threads = new ThreadPoolExecutor(size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(worker) -> factory.newThread(() -> {
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
			this.threads.execute(this.next);
		}
		catch (RejectedExecutionException | Error ex) {
			if (ex instanceof Error && this.threads.getPoolSize() > 0) {
				// no thread can be created, but there are other threads
				this.threads.getQueue().add(this.next);
			}
			else if (queue.remove(task)) {
				throw ex;
			}
			else {
				// a thread has taken the task, so that one call of runNext() is missing
				runNext();
			}
		}
		if (this.elastic && !this.watched && !this.threads.getQueue().isEmpty()) {
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
		if (!this.watched) {
			this.watched = true;
			this.submittedBefore = Long.MIN_VALUE;
			this.completedBefore = this.threads.getCompletedTaskCount();
			this.checkedAt = System.nanoTime();
			checkLater();
		}
	}

	private void checkLater() {
		try {
			this.timer.schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException | Error ex) {
			logger.debug("The number of threads is no longer checked", ex);
			this.watched = false;
		}
	}

	private synchronized void check() {
		int waiting = this.threads.getQueue().size();
		long submitted = this.threads.getTaskCount();
		long completed = this.threads.getCompletedTaskCount();
		long now = System.nanoTime();
		this.sizing.update(submitted - waiting < this.submittedBefore, completed - this.completedBefore,
				(now - this.checkedAt) / CHECK_NANOS, this.threads.getActiveCount(), Processors.areBusy());
		this.submittedBefore = submitted;
		this.completedBefore = completed;
		this.checkedAt = now;
		resize(this.sizing.size());
		if (waiting == 0 && this.sizing.isSmallest()) {
			this.watched = false;
			if (!this.threads.getQueue().isEmpty()) {
				watch();
			}
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
		if (size < before) {
			this.threads.setCorePoolSize(size);
			// ends surplus threads after their task, even if there are other tasks
			this.threads.setMaximumPoolSize(size);
			return;
		}
		this.threads.setMaximumPoolSize(size);
		try {
			this.threads.setCorePoolSize(size);
		}
		catch (Error ex) {
			int possible = Math.max(1, this.threads.getPoolSize());
			logger.warn("Only " + possible + " of " + size + " threads can be created", ex);
			this.sizing.limit(possible);
			this.threads.setCorePoolSize(this.sizing.size());
			this.threads.setMaximumPoolSize(this.sizing.size());
		}
	}

	/**
	 * Return whether the calling thread is one of this pool.
	 */
	boolean isCurrentThread() {
		return current.get() == this;
	}

	/**
	 * End the threads when all tasks have run.
	 */
	void shutdown() {
		this.threads.shutdown();
	}

	/**
	 * End the threads. Busy threads are interrupted, except for the calling thread. Tasks
	 * that have not started run in the calling thread.
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
			remaining.forEach(ElasticThreadPool::runGuarded);
		}
	}

	private static void runGuarded(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("A task failed", ex);
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
