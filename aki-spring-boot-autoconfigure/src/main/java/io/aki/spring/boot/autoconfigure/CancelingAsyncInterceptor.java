package io.aki.spring.boot.autoconfigure;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.annotation.AnnotationAsyncExecutionInterceptor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Runs {@code @Async} methods so that canceling their future interrupts them; the future
 * of Spring's own interceptor lets them run on.
 */
class CancelingAsyncInterceptor extends AnnotationAsyncExecutionInterceptor {

	private final @Nullable TaskDecorator taskDecorator;

	/**
	 * Create an interceptor.
	 * @param taskDecorator applied here rather than by the executor, whose queue would
	 * hold tasks in a disguise under which they could not be removed
	 */
	CancelingAsyncInterceptor(AsyncTaskExecutor executor, @Nullable TaskDecorator taskDecorator) {
		super(executor);
		this.taskDecorator = taskDecorator;
	}

	@Override
	protected Object doSubmit(Callable<Object> task, AsyncTaskExecutor executor, Class<?> returnType) {
		InterruptingFuture future = new InterruptingFuture(executor);
		Runnable completing = () -> complete(future, task);
		try {
			future.runningAs(executor
				.submit((this.taskDecorator != null) ? this.taskDecorator.decorate(completing) : completing));
		}
		catch (TaskRejectedException ex) {
			throw new TaskRejectedException(
					"Too many AKI.IO requests at once: all threads are busy and the queue is"
							+ " full. Answer 503, or raise 'aki.io.async.max-size' or 'aki.io.async.queue-capacity'",
					ex);
		}
		return future;
	}

	private static void complete(InterruptingFuture future, Callable<Object> task) {
		try {
			future.complete(task.call());
		}
		catch (Throwable ex) {
			future.completeExceptionally(ex);
		}
	}

	private static final class InterruptingFuture extends CompletableFuture<Object> {

		private final AsyncTaskExecutor executor;

		private volatile @Nullable Future<?> running;

		InterruptingFuture(AsyncTaskExecutor executor) {
			this.executor = executor;
		}

		void runningAs(Future<?> running) {
			this.running = running;
			if (isCancelled()) {
				end(running);
			}
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean canceled = super.cancel(mayInterruptIfRunning);
			Future<?> running = this.running;
			if (canceled && running != null) {
				end(running);
			}
			return canceled;
		}

		/**
		 * A call that still waits makes room for another one.
		 */
		private void end(Future<?> running) {
			running.cancel(true);
			if (running instanceof Runnable task && this.executor instanceof ThreadPoolTaskExecutor pool) {
				pool.getThreadPoolExecutor().remove(task);
			}
		}

	}

}
