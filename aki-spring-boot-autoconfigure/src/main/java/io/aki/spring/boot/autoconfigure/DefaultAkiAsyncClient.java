package io.aki.spring.boot.autoconfigure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.aki.client.AkiAsyncClient;
import io.aki.client.AkiClient;
import io.aki.client.AkiProgressCallback;
import io.aki.client.AkiResult;
import io.aki.client.AkiTaskRejectedException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Default {@link AkiAsyncClient}. It calls the executor itself: the future of an
 * {@code @Async} method does not interrupt the method when it is canceled.
 */
class DefaultAkiAsyncClient implements AkiAsyncClient {

	private final AkiClient client;

	private final AsyncTaskExecutor executor;

	private final @Nullable TaskDecorator taskDecorator;

	private final AkiPrincipal principal;

	/**
	 * Create a client.
	 * @param taskDecorator applied here and not by the executor, whose queue would
	 * contain tasks that cannot be removed
	 */
	DefaultAkiAsyncClient(AkiClient client, AsyncTaskExecutor executor, @Nullable TaskDecorator taskDecorator,
			AkiPrincipal principal) {
		this.client = client;
		this.executor = executor;
		this.taskDecorator = taskDecorator;
		this.principal = principal;
	}

	@Override
	public CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params) {
		return submit(() -> this.client.doApiRequestAwait(params));
	}

	@Override
	public CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params,
			@Nullable AkiProgressCallback callback) {
		return submit(() -> this.client.doApiRequestAwait(params, callback));
	}

	@Override
	public AkiAsyncClient forEndpoint(String endpoint) {
		return new DefaultAkiAsyncClient(this.client.forEndpoint(endpoint), this.executor, this.taskDecorator,
				this.principal);
	}

	private CompletableFuture<AkiResult> submit(Supplier<AkiResult> call) {
		InterruptingFuture future = new InterruptingFuture(this.executor);
		Supplier<AkiResult> callOfUser = this.principal.capture(call);
		Runnable task = () -> complete(future, callOfUser);
		try {
			future.runningAs(
					this.executor.submit((this.taskDecorator != null) ? this.taskDecorator.decorate(task) : task));
		}
		catch (TaskRejectedException ex) {
			throw new AkiTaskRejectedException(
					"Too many AKI.IO requests at the same time: all threads are busy and the queue is full. Answer 503,"
							+ " or increase 'aki.io.async.max-size' or 'aki.io.async.queue-capacity'",
					ex);
		}
		return future;
	}

	private static void complete(InterruptingFuture future, Supplier<AkiResult> call) {
		try {
			future.complete(call.get());
		}
		catch (Throwable ex) {
			future.completeExceptionally(ex);
		}
	}

	/**
	 * A future that interrupts its task when it is canceled.
	 */
	private static final class InterruptingFuture extends CompletableFuture<AkiResult> {

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
		 * Interrupt the task, or remove it from the queue so that another one can wait.
		 */
		private void end(Future<?> running) {
			running.cancel(true);
			if (running instanceof Runnable task && this.executor instanceof ThreadPoolTaskExecutor pool) {
				pool.getThreadPoolExecutor().remove(task);
			}
		}

	}

}
