package io.aki.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.aki.client.ApiOutcome.NoAnswer;
import io.aki.client.JobMachine.Step;
import io.aki.client.JobMachine.Stop;
import org.jspecify.annotations.Nullable;

/**
 * A job with all that belongs to it: its course, its request, its callback and its
 * readers. One thread at a time {@link #advance() advances} it, any thread may look at it
 * or cancel it.
 */
final class FollowedJob implements AkiJob {

	private static final ThreadLocal<@Nullable FollowedJob> callingBack = new ThreadLocal<>();

	private final ApiClient api;

	private final String endpoint;

	/** Let go once the server has them: they may hold a whole image. */
	private Map<String, @Nullable Object> params;

	private final boolean raiseExceptions;

	private final JobMachine machine;

	private final LongSupplier clock;

	private final CompletableFuture<AkiResult> ended = new CompletableFuture<>();

	private final CompletableFuture<AkiResult> result = new Result();

	private final ProgressFeed feed = new ProgressFeed(this::cancel);

	private volatile @Nullable AkiProgressCallback callback;

	private volatile @Nullable Throwable callbackFailure;

	private Map<String, @Nullable Object> appended = Map.of();

	private boolean cancelSent;

	private long dueAt;

	private @Nullable Runnable waker;

	FollowedJob(ApiClient api, String endpoint, Map<String, @Nullable Object> params, boolean raiseExceptions,
			@Nullable AkiProgressCallback callback, JobMachine machine, LongSupplier clock) {
		this.api = api;
		this.endpoint = endpoint;
		this.params = params;
		this.raiseExceptions = raiseExceptions;
		this.callback = callback;
		this.machine = machine;
		this.clock = clock;
		this.dueAt = clock.getAsLong();
	}

	/**
	 * Return the job whose callback runs in this thread.
	 */
	static @Nullable FollowedJob callingBack() {
		return callingBack.get();
	}

	/**
	 * Make the exchange that is due, and tell the caller what it has brought.
	 * @return whether the job has ended
	 */
	boolean advance() {
		if (this.ended.isDone()) {
			return true;
		}
		Step step = exchange();
		if (step.result() != null) {
			end(step.result());
			return true;
		}
		if (step.progress() != null) {
			report(step.progress());
		}
		synchronized (this) {
			long now = this.clock.getAsLong();
			this.dueAt = (this.machine.isStopping() && !this.cancelSent) ? now : this.machine.nextAt(now);
		}
		return this.ended.isDone();
	}

	private Step exchange() {
		boolean stopping;
		String jobId;
		Map<String, @Nullable Object> appended;
		synchronized (this) {
			AkiResult end = this.machine.beforeExchange(this.clock.getAsLong());
			if (end != null) {
				return new Step(null, end);
			}
			stopping = this.machine.isStopping();
			jobId = this.machine.jobId();
			appended = this.appended;
		}
		ApiOutcome outcome = send(jobId, appended, stopping);
		synchronized (this) {
			boolean interrupted = outcome instanceof NoAnswer none && none.kind() == NoAnswer.Kind.INTERRUPTED;
			if (interrupted && jobId != null) {
				return Step.NOTHING;
			}
			this.cancelSent = stopping;
			if (outcome.status() > 0 && outcome.status() < 400) {
				removeSent(appended);
			}
			Step step = this.machine.take(outcome, this.clock.getAsLong());
			if (!this.machine.isStarting()) {
				this.params = Map.of();
			}
			return step;
		}
	}

	private ApiOutcome send(@Nullable String jobId, Map<String, @Nullable Object> appended, boolean cancel) {
		try {
			return (jobId == null) ? this.api.call(this.endpoint, this.params, false)
					: this.api.progress(this.endpoint, jobId, appended, cancel);
		}
		catch (RuntimeException ex) {
			return new NoAnswer(NoAnswer.Kind.NOT_CONNECTED, 0, "The request could not be made: " + ex.getMessage(),
					null, ex);
		}
	}

	private void report(AkiProgress progress) {
		this.feed.publish(progress);
		AkiProgressCallback callback = this.callback;
		if (callback == null) {
			return;
		}
		FollowedJob before = callingBack.get();
		callingBack.set(this);
		try {
			callback.onProgress(progress.info(), progress.data());
		}
		catch (Throwable ex) {
			this.callbackFailure = ex;
			this.callback = null;
			stop(Stop.CALLBACK_FAILED);
		}
		finally {
			callingBack.set(before);
		}
	}

	private void end(AkiResult result) {
		if (!this.ended.complete(result)) {
			return;
		}
		AkiException failure = failure(result);
		Throwable thrown = (this.callbackFailure != null) ? this.callbackFailure : failure;
		this.feed.end(thrown);
		wake();
		if (thrown != null) {
			this.result.completeExceptionally(thrown);
		}
		else {
			this.result.complete(result);
		}
	}

	private @Nullable AkiException failure(AkiResult result) {
		Failure failure = result.failure();
		return (failure != null && this.raiseExceptions) ? failure.toException(result.jobId()) : null;
	}

	void stop(Stop reason) {
		synchronized (this) {
			this.machine.stop(reason, this.clock.getAsLong());
			this.dueAt = this.clock.getAsLong();
		}
		wake();
	}

	/**
	 * End the job here and leave it to the server.
	 */
	void abandon() {
		AkiResult result;
		synchronized (this) {
			result = this.machine.abandoned();
		}
		end(result);
	}

	/**
	 * Cancel the job because its caller was interrupted and waits no longer.
	 * @return what the caller gets at once
	 */
	AkiResult interrupt() {
		this.callback = null;
		stop(Stop.INTERRUPTED);
		synchronized (this) {
			return this.machine.interrupted();
		}
	}

	/**
	 * Return the result of an ended job, or throw what ends the caller's request.
	 */
	AkiResult outcome() {
		if (this.callbackFailure instanceof Error error) {
			throw error;
		}
		if (this.callbackFailure instanceof RuntimeException exception) {
			throw exception;
		}
		return this.ended.join();
	}

	/**
	 * Set what brings the thread that waits for {@link #nanosUntilDue()} to look again.
	 */
	synchronized void onWake(Runnable waker) {
		this.waker = waker;
	}

	private void wake() {
		Runnable waker;
		synchronized (this) {
			waker = this.waker;
		}
		if (waker != null) {
			waker.run();
		}
	}

	synchronized long nanosUntilDue() {
		return this.dueAt - this.clock.getAsLong();
	}

	synchronized void append(Map<String, @Nullable Object> params) {
		Map<String, @Nullable Object> merged = new LinkedHashMap<>(this.appended);
		merged.putAll(params);
		this.appended = merged;
	}

	private void removeSent(Map<String, @Nullable Object> sent) {
		if (this.appended == sent) {
			this.appended = Map.of();
		}
		else if (!sent.isEmpty()) {
			Map<String, @Nullable Object> rest = new LinkedHashMap<>(this.appended);
			sent.forEach(rest::remove);
			this.appended = rest;
		}
	}

	/**
	 * Return the future that ends with the job, always with a result.
	 */
	CompletableFuture<AkiResult> ended() {
		return this.ended;
	}

	synchronized AkiJobState state() {
		return this.machine.state();
	}

	@Override
	public synchronized @Nullable String jobId() {
		return this.machine.jobId();
	}

	@Override
	public CompletableFuture<AkiResult> result() {
		return this.result;
	}

	@Override
	public Stream<AkiProgress> progress() {
		return this.feed.stream();
	}

	@Override
	public Flow.Publisher<AkiProgress> publisher() {
		return this.feed.publisher();
	}

	@Override
	public void cancel() {
		stop(Stop.CANCELED);
	}

	@Override
	public String toString() {
		return "AkiJob[" + ((jobId() != null) ? jobId() : "not accepted yet") + "]";
	}

	/**
	 * Canceling it cancels the job.
	 */
	private final class Result extends CompletableFuture<AkiResult> {

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean canceled = super.cancel(mayInterruptIfRunning);
			if (canceled) {
				FollowedJob.this.cancel();
			}
			return canceled;
		}

	}

}
