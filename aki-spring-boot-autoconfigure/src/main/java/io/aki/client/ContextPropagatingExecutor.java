package io.aki.client;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;

/**
 * Runs the actions of one job in other threads, with the context of the thread that
 * created this executor. If the decorator fails, an action runs without the context.
 */
final class ContextPropagatingExecutor implements Executor {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	/** The action that {@link #inContext} runs in this thread. */
	private static final ThreadLocal<@Nullable Action> next = new ThreadLocal<>();

	/**
	 * The number of actions that a job can run at the same time: its callback, the last
	 * delivery to subscribers, and the actions that depend on its result.
	 */
	private static final int AT_ONCE = 3;

	private final Executor threads;

	/**
	 * Decorated tasks, which capture the context when the job starts. Two threads never
	 * run the same task at the same time, because Spring Security's task would leave its
	 * user in one of them.
	 */
	private final BlockingQueue<Runnable> free = new ArrayBlockingQueue<>(AT_ONCE);

	private final boolean decorated;

	ContextPropagatingExecutor(Executor threads, TaskDecorator decorator) {
		this.threads = threads;
		this.decorated = decorate(decorator);
	}

	private boolean decorate(TaskDecorator decorator) {
		try {
			for (int i = 0; i < AT_ONCE; i++) {
				this.free.add(decorator.decorate(ContextPropagatingExecutor::runNext));
			}
			return true;
		}
		catch (Throwable ex) {
			logger.warn("A TaskDecorator failed; callbacks of the job run without the context of its start", ex);
			return false;
		}
	}

	private static void runNext() {
		Action action = next.get();
		if (action != null) {
			action.run();
		}
	}

	@Override
	public void execute(Runnable action) {
		this.threads.execute(this.decorated ? () -> runInContext(action) : action);
	}

	private void runInContext(Runnable action) {
		Runnable inContext;
		try {
			inContext = free();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			action.run();
			return;
		}
		try {
			runInContext(inContext, action);
		}
		finally {
			this.free.add(inContext);
		}
	}

	/**
	 * Return a task that no thread runs. If all are in use, wait for one.
	 */
	private Runnable free() throws InterruptedException {
		Runnable free = this.free.poll();
		return (free != null) ? free : this.free.take();
	}

	private static void runInContext(Runnable inContext, Runnable runnable) {
		Action action = new Action(runnable);
		Action outer = next.get();
		next.set(action);
		try {
			inContext.run();
		}
		catch (Throwable ex) {
			logger.warn("A TaskDecorator failed", ex);
		}
		finally {
			if (outer != null) {
				next.set(outer);
			}
			else {
				next.remove();
			}
			action.run();
		}
	}

	/**
	 * An action that runs once.
	 */
	private static final class Action implements Runnable {

		private @Nullable Runnable runnable;

		Action(Runnable runnable) {
			this.runnable = runnable;
		}

		@Override
		public void run() {
			Runnable runnable = this.runnable;
			this.runnable = null;
			if (runnable != null) {
				runnable.run();
			}
		}

	}

}
