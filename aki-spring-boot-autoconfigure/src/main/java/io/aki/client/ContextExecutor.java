package io.aki.client;

import java.util.concurrent.Executor;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;

/**
 * Runs what belongs to one job on other threads, but with the context of the thread that
 * has made this executor. All that is run must be run, so that a decorator which fails
 * costs the context alone.
 */
final class ContextExecutor implements Executor {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	/** What is to be run by {@link #inContext} in this thread. */
	private static final ThreadLocal<@Nullable Action> next = new ThreadLocal<>();

	private final Executor threads;

	/** The context is captured once; actions come later, and more than one. */
	private final @Nullable Runnable inContext;

	ContextExecutor(Executor threads, TaskDecorator decorator) {
		this.threads = threads;
		this.inContext = decorate(decorator);
	}

	private static @Nullable Runnable decorate(TaskDecorator decorator) {
		try {
			return decorator.decorate(ContextExecutor::runNext);
		}
		catch (RuntimeException ex) {
			logger.warn("A TaskDecorator failed; callbacks of the job run without the context of its start", ex);
			return null;
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
		this.threads.execute((this.inContext != null) ? () -> runInContext(this.inContext, action) : action);
	}

	private static void runInContext(Runnable inContext, Runnable runnable) {
		Action action = new Action(runnable);
		Action outer = next.get();
		next.set(action);
		try {
			inContext.run();
		}
		catch (RuntimeException ex) {
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
	 * Something that is run once.
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
