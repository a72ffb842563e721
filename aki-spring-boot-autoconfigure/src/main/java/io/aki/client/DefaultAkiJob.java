package io.aki.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.aki.client.JobStateMachine.StopReason;
import io.aki.client.JobStateMachine.Transition;
import io.aki.client.http.ExchangeFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A job that is followed: its states, its request, its callback and its readers. One
 * thread at a time makes its {@link #exchange exchanges}. Any thread may read its state
 * or cancel it.
 */
final class DefaultAkiJob implements AkiJob {

	private static final ThreadLocal<@Nullable DefaultAkiJob> callingBack = new ThreadLocal<>();

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final ApiClient api;

	private final ClientSettings settings;

	private final String endpoint;

	/** Cleared once the server has the parameters: they may contain a whole image. */
	private Map<String, @Nullable Object> params;

	private final JobStateMachine machine;

	private final LongSupplier clock;

	private final Executor callbackExecutor;

	private final JobObservation observation;

	private final PollTask task;

	private final Consumer<DefaultAkiJob> onEnd;

	private final AtomicBoolean ending = new AtomicBoolean();

	private final CompletableFuture<AkiResult> ended = new CompletableFuture<>();

	private final CompletableFuture<AkiResult> result = new Result();

	private final JobReaders readers = new JobReaders(this::cancel, () -> BlockingCallGuard.assertMayWaitFor(this));

	private volatile @Nullable AkiProgressCallback callback;

	private volatile @Nullable Throwable callbackFailure;

	private Map<String, @Nullable Object> appended = Map.of();

	/**
	 * Create a job.
	 * @param onEnd called before the result of the job is available
	 */
	DefaultAkiJob(JobRequest request, JobStateMachine machine, ApiClient api, ClientSettings settings,
			LongSupplier clock, JobObservation observation, JobPoller poller, Consumer<DefaultAkiJob> onEnd) {
		this.endpoint = request.endpoint();
		this.params = request.params();
		this.callback = request.callback();
		this.callbackExecutor = request.callbackExecutor();
		this.machine = machine;
		this.api = api;
		this.settings = settings;
		this.clock = clock;
		this.observation = observation;
		this.onEnd = onEnd;
		this.task = poller.newTask(this, request.callbackExecutor());
	}

	/**
	 * Return the job whose callback runs in this thread.
	 */
	static @Nullable DefaultAkiJob callingBack() {
		return callingBack.get();
	}

	/**
	 * Start to make the exchanges of the job.
	 */
	void start() {
		this.task.start();
	}

	/**
	 * Make the next exchange, unless the job ends without it.
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
		return (jobId == null) ? startOnServer() : poll(jobId, appended, stopping);
	}

	private Transition startOnServer() {
		ApiResponse response = send(
				() -> this.observation.inScope(() -> this.api.call(this.endpoint, this.params, false)));
		synchronized (this) {
			Transition transition = this.machine.takeStart(response, this.clock.getAsLong());
			this.observation.accepted(this.machine.jobId());
			if (!this.machine.isStarting() || transition.result() != null) {
				this.params = Map.of();
			}
			return transition;
		}
	}

	private Transition poll(String jobId, Map<String, @Nullable Object> appended, boolean cancel) {
		ApiResponse response = send(() -> this.api.progress(this.endpoint, jobId, appended, cancel));
		PollResponse poll = PollResponse.of(response);
		synchronized (this) {
			if (response.exchangeFailure() == ExchangeFailure.INTERRUPTED) {
				return Transition.NONE;
			}
			if (response.isFromApi() && !response.hasErrorStatus()) {
				removeSent(appended);
			}
			return this.machine.takePoll(poll, this.clock.getAsLong());
		}
	}

	private static ApiResponse send(Supplier<ApiResponse> exchange) {
		try {
			return exchange.get();
		}
		catch (RuntimeException ex) {
			return ApiResponse.failed(ExchangeFailure.NOT_CONNECTED, 0,
					"The request could not be made: " + ex.getMessage(), null, ex);
		}
		catch (Error ex) {
			return ApiResponse.failed(ExchangeFailure.BROKEN, 0, "The response could not be read: " + ex, null, ex);
		}
	}

	/**
	 * Pass progress to the readers of the job's streams.
	 * @return whether {@link #report} must be called with it by the callback executor
	 */
	boolean publish(AkiProgress progress) {
		this.readers.publish(progress);
		return this.callback != null || this.readers.hasSubscribers();
	}

	/**
	 * Pass progress to the callback and the subscribers. Called by the callback executor.
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
			this.readers.deliver();
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
			this.onEnd.accept(this);
			this.observation.stop(result, callbackFailure);
		}
		catch (RuntimeException | Error ex) {
			logger.error("Ending " + this + " failed", ex);
		}
		this.ended.complete(result);
		Throwable thrown = (callbackFailure != null) ? callbackFailure : failure(result);
		this.readers.end(result, thrown);
		this.task.wake();
		if (this.readers.hasSubscribers()) {
			runByCallbackExecutor(this.readers::deliver);
		}
		runByCallbackExecutor(() -> complete(result, thrown));
	}

	private void complete(AkiResult result, @Nullable Throwable thrown) {
		if (thrown != null) {
			this.result.completeExceptionally(thrown);
		}
		else {
			this.result.complete(result);
		}
	}

	private void runByCallbackExecutor(Runnable action) {
		try {
			this.callbackExecutor.execute(action);
		}
		catch (RejectedExecutionException | Error ex) {
			// the executor is closed, or no thread can be created
			action.run();
		}
	}

	private @Nullable AkiException failure(AkiResult result) {
		Failure failure = result.failure();
		return (failure != null && this.settings.raiseExceptions()) ? failure.toException(result.jobId()) : null;
	}

	/**
	 * Stop the job. The next exchange, which is due now, cancels the job on the server.
	 * For {@link StopReason#DETACHED} it is not made.
	 */
	void stop(StopReason reason) {
		synchronized (this) {
			this.machine.stop(reason, this.clock.getAsLong());
		}
		this.task.wake();
	}

	/**
	 * Stop the job because its client is being closed.
	 */
	void close() {
		stop(this.settings.cancelOnClose() ? StopReason.CLOSED : StopReason.DETACHED);
	}

	/**
	 * End the job at once on this side. It is not canceled on the server.
	 */
	void endUnfinished() {
		AkiResult result;
		synchronized (this) {
			result = this.machine.detached(false);
		}
		end(result);
	}

	/**
	 * End the job on this side because of an unexpected exception.
	 */
	void fail(Throwable cause) {
		AkiResult result;
		synchronized (this) {
			result = this.machine.failed(cause);
		}
		end(result);
	}

	/**
	 * Cancel the job because its caller was interrupted, unless the job has its result.
	 * @return the result for the caller
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
	 * Return the result of an ended job, or throw the exception of its callback.
	 */
	AkiResult outcome() {
		Throwable thrown = this.callbackFailure;
		if (thrown != null) {
			throw DefaultAkiJob.<RuntimeException>unchanged(thrown);
		}
		return this.ended.join();
	}

	/**
	 * A callback that is written in Kotlin may throw a checked exception.
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
		return this.readers.stream(new LatestProgress());
	}

	@Override
	public Flow.Publisher<AkiProgress> publisher() {
		return this.readers.publisher(LatestProgress::new);
	}

	@Override
	public Stream<String> text() {
		return this.readers.stream(new AnswerDeltas());
	}

	@Override
	public Flow.Publisher<String> textPublisher() {
		return this.readers.publisher(AnswerDeltas::new);
	}

	@Override
	public AkiJob keepRunning() {
		this.readers.keepRunning();
		return this;
	}

	@Override
	public void cancel() {
		stop(StopReason.CANCELED);
	}

	@Override
	public void detach() {
		stop(StopReason.DETACHED);
	}

	@Override
	public String toString() {
		return "AkiJob[" + ((jobId() != null) ? jobId() : "not accepted yet") + "]";
	}

	/**
	 * The future result. {@code cancel} cancels the job.
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

		@Override
		public AkiResult get() throws InterruptedException, ExecutionException {
			assertMayWait();
			return super.get();
		}

		@Override
		public AkiResult get(long timeout, TimeUnit unit)
				throws InterruptedException, ExecutionException, TimeoutException {
			assertMayWait();
			return super.get(timeout, unit);
		}

		@Override
		public AkiResult join() {
			assertMayWait();
			return super.join();
		}

		private void assertMayWait() {
			if (!isDone()) {
				BlockingCallGuard.assertMayWaitFor(DefaultAkiJob.this);
			}
		}

	}

}
