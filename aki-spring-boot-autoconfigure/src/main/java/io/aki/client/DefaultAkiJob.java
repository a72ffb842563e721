package io.aki.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.aki.client.ApiOutcome.Answer;
import io.aki.client.ApiOutcome.NoAnswer;
import io.aki.client.JobStateMachine.Transition;
import io.aki.client.JobStateMachine.StopReason;
import io.aki.client.http.ExchangeFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A job with all that belongs to it: its course, its request, its callback and its
 * readers. One thread at a time makes its {@link #exchange exchanges}, any thread may
 * look at it or cancel it.
 */
final class DefaultAkiJob implements AkiJob {

	private static final ThreadLocal<@Nullable DefaultAkiJob> callingBack = new ThreadLocal<>();

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final ApiClient api;

	private final ClientSettings settings;

	private final String endpoint;

	/** Let go once the server has them: they may hold a whole image. */
	private Map<String, @Nullable Object> params;

	private final JobStateMachine machine;

	private final LongSupplier clock;

	private final Executor callbackThread;

	private final AtomicBoolean ending = new AtomicBoolean();

	private final CompletableFuture<AkiResult> ended = new CompletableFuture<>();

	private final CompletableFuture<AkiResult> result = new Result();

	private final ProgressFeed feed = new ProgressFeed(this::cancel);

	private volatile @Nullable AkiProgressCallback callback;

	private volatile @Nullable Throwable callbackFailure;

	private Map<String, @Nullable Object> appended = Map.of();

	private @Nullable Runnable waker;

	private List<Consumer<DefaultAkiJob>> followers = List.of();

	private JobObservation observation = JobObservation.NONE;

	/**
	 * Create a job.
	 * @param callbackThread runs what belongs to the caller: the callback, subscribers,
	 * and what depends on the result
	 */
	DefaultAkiJob(ApiClient api, ClientSettings settings, String endpoint, Map<String, @Nullable Object> params,
			@Nullable AkiProgressCallback callback, Executor callbackThread, JobStateMachine machine,
			LongSupplier clock) {
		this.api = api;
		this.settings = settings;
		this.endpoint = endpoint;
		this.params = params;
		this.callback = callback;
		this.callbackThread = callbackThread;
		this.machine = machine;
		this.clock = clock;
	}

	/**
	 * Return the job whose callback runs in this thread.
	 */
	static @Nullable DefaultAkiJob callingBack() {
		return callingBack.get();
	}

	/**
	 * Make the exchange that is due, if any is.
	 */
	Transition exchange() {
		boolean stopping;
		String jobId;
		Map<String, @Nullable Object> appended;
		synchronized (this) {
			AkiResult end = this.machine.beforeExchange(this.clock.getAsLong());
			if (end != null) {
				return new Transition(null, end);
			}
			stopping = this.machine.isStopping();
			jobId = this.machine.jobId();
			appended = this.appended;
		}
		ApiOutcome outcome = send(jobId, appended, stopping);
		synchronized (this) {
			boolean interrupted = outcome instanceof NoAnswer none && none.kind() == ExchangeFailure.INTERRUPTED;
			if (interrupted && jobId != null) {
				return Transition.NOTHING;
			}
			if (outcome instanceof Answer && outcome.status() < 400) {
				removeSent(appended);
			}
			Transition step = this.machine.take(outcome, this.clock.getAsLong());
			if (jobId == null) {
				this.observation.accepted(this.machine.jobId());
			}
			if (!this.machine.isStarting() || step.result() != null) {
				this.params = Map.of();
			}
			return step;
		}
	}

	private ApiOutcome send(@Nullable String jobId, Map<String, @Nullable Object> appended, boolean cancel) {
		try {
			return (jobId == null) ? start() : this.api.progress(this.endpoint, jobId, appended, cancel);
		}
		catch (RuntimeException ex) {
			return new NoAnswer(ExchangeFailure.NOT_CONNECTED, 0, "The request could not be made: " + ex.getMessage(),
					null, ex);
		}
		catch (Error ex) {
			return new NoAnswer(ExchangeFailure.BROKEN, 0, "The answer could not be read: " + ex, null, ex);
		}
	}

	private ApiOutcome start() {
		return this.observation.inScope(() -> this.api.call(this.endpoint, this.params, false));
	}

	/**
	 * Tell the readers of the job's streams.
	 * @return whether there is someone else to tell, who needs a thread of the caller's
	 */
	boolean publish(AkiProgress progress) {
		this.feed.publish(progress);
		return this.callback != null || this.feed.hasSubscribers();
	}

	/**
	 * Tell the callback and the subscribers. Called by the thread of the caller's.
	 */
	void report(AkiProgress progress) {
		if (this.ending.get()) {
			return;
		}
		DefaultAkiJob before = callingBack.get();
		callingBack.set(this);
		JobObservation.Scope scope = this.observation.openScope();
		try {
			AkiProgressCallback callback = this.callback;
			if (callback != null) {
				callback.onProgress(progress.info(), progress.data());
			}
			this.feed.deliver();
		}
		catch (Throwable ex) {
			this.callbackFailure = ex;
			this.callback = null;
			stop(StopReason.CALLBACK_FAILED);
		}
		finally {
			scope.close();
			callingBack.set(before);
		}
	}

	/**
	 * End the job with its result.
	 */
	void end(AkiResult result) {
		if (!this.ending.compareAndSet(false, true)) {
			return;
		}
		Throwable callbackFailure = this.callbackFailure;
		try {
			this.followers.forEach((follower) -> follower.accept(this));
			this.observation.stop(result, callbackFailure);
		}
		catch (RuntimeException | Error ex) {
			logger.error("Ending " + this + " failed", ex);
		}
		this.ended.complete(result);
		Throwable thrown = (callbackFailure != null) ? callbackFailure : failure(result);
		this.feed.end(thrown);
		wake();
		if (this.feed.hasSubscribers()) {
			runForCaller(this.feed::deliver);
		}
		runForCaller(() -> complete(result, thrown));
	}

	private void complete(AkiResult result, @Nullable Throwable thrown) {
		if (thrown != null) {
			this.result.completeExceptionally(thrown);
		}
		else {
			this.result.complete(result);
		}
	}

	private void runForCaller(Runnable action) {
		try {
			this.callbackThread.execute(action);
		}
		catch (RejectedExecutionException | Error ex) {
			// closed, or there is no thread to be had
			action.run();
		}
	}

	private @Nullable AkiException failure(AkiResult result) {
		Failure failure = result.failure();
		return (failure != null && this.settings.raiseExceptions()) ? failure.toException(result.jobId()) : null;
	}

	/**
	 * Bring the job to its end: the next exchange, which is due now, cancels it on the
	 * server or, if the reason is {@link StopReason#LEFT}, is not made.
	 */
	void stop(StopReason reason) {
		synchronized (this) {
			this.machine.stop(reason, this.clock.getAsLong());
		}
		wake();
	}

	/**
	 * Bring the job to its end because its client is being closed.
	 */
	void close() {
		stop(this.settings.cancelOnClose() ? StopReason.CLOSED : StopReason.LEFT);
	}

	/**
	 * End the job here at once and leave it to the server.
	 */
	void abandon() {
		AkiResult result;
		synchronized (this) {
			result = this.machine.abandoned();
		}
		end(result);
	}

	/**
	 * End the job here because something unforeseen happened.
	 */
	void fail(Throwable cause) {
		AkiResult result;
		synchronized (this) {
			result = this.machine.failed(cause);
		}
		end(result);
	}

	/**
	 * Cancel the job, unless it has its result, because its caller was interrupted.
	 * @return what the caller gets at once
	 */
	AkiResult interrupt() {
		if (this.ending.get()) {
			return outcome();
		}
		this.callback = null;
		stop(StopReason.INTERRUPTED);
		synchronized (this) {
			return this.machine.interrupted();
		}
	}

	/**
	 * Return the result of an ended job, or throw what its callback has thrown.
	 */
	AkiResult outcome() {
		Throwable thrown = this.callbackFailure;
		if (thrown != null) {
			throw DefaultAkiJob.<RuntimeException>unchanged(thrown);
		}
		return this.ended.join();
	}

	/**
	 * A callback may throw a checked exception all the same: one written in Kotlin does.
	 */
	@SuppressWarnings("unchecked")
	private static <T extends Throwable> T unchanged(Throwable thrown) throws T {
		throw (T) thrown;
	}

	/**
	 * Return the time until the next exchange is due, after the last exchange and its
	 * callback.
	 */
	synchronized long nanosUntilDue() {
		long now = this.clock.getAsLong();
		return this.machine.nextAt(now) - now;
	}

	/**
	 * Set what makes the next exchange come at once.
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

	synchronized boolean isStopping() {
		return this.machine.isStopping();
	}

	synchronized boolean endsWithoutExchange() {
		return this.machine.endsWithoutExchange();
	}

	synchronized boolean isCancelConfirmed() {
		return this.machine.isCancelConfirmed();
	}

	synchronized @Nullable Failure lastFailure() {
		return this.machine.lastFailure();
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
	 * Set who is to forget the job before anyone learns of its end. Called before it is
	 * followed.
	 */
	void forgottenBy(List<Consumer<DefaultAkiJob>> followers) {
		this.followers = followers;
	}

	/**
	 * Set what the job is observed with. Called before it is followed.
	 */
	void observedWith(JobObservation observation) {
		this.observation = observation;
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
		stop(StopReason.CANCELED);
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
				DefaultAkiJob.this.cancel();
			}
			return canceled;
		}

	}

}
