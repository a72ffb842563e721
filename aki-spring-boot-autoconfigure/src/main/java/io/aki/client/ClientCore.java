package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.aki.client.AkiRequestObservationContext.Mode;
import io.aki.client.JobStateMachine.StopReason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;
import org.springframework.util.Assert;

/**
 * What a client and its views have in common: the settings, the key, and the jobs that
 * they follow.
 */
final class ClientCore {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	/** For what is to be done here after the last exchange. */
	private static final Duration CLOSING = Duration.ofSeconds(1);

	private final ClientSettings settings;

	private final ApiKeys keys;

	private final ClientResources resources;

	private final boolean ownsResources;

	private final Timing timing;

	private final @Nullable TaskDecorator taskDecorator;

	private final ApiClient api;

	private final Backoff backoff;

	private final RetryingExchange retrying;

	private final JobPoller poller;

	private final JobObservations observations;

	private final Set<DefaultAkiJob> jobs = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	ClientCore(ClientSettings settings, ApiKeys keys, ClientResources resources, boolean ownsResources, Timing timing,
			JobObservations observations, @Nullable TaskDecorator taskDecorator) {
		this.settings = settings;
		this.keys = keys;
		this.resources = resources;
		this.ownsResources = ownsResources;
		this.timing = timing;
		this.taskDecorator = taskDecorator;
		this.api = new ApiClient(resources.transport(), settings, keys);
		this.backoff = new Backoff(settings.retry(), timing.random());
		this.retrying = new RetryingExchange(timing);
		this.poller = resources.poller();
		this.observations = observations;
	}

	ClientSettings settings() {
		return this.settings;
	}

	ApiKeys keys() {
		return this.keys;
	}

	ClientResources resources() {
		return this.resources;
	}

	JobObservations observations() {
		return this.observations;
	}

	Timing timing() {
		return this.timing;
	}

	@Nullable TaskDecorator taskDecorator() {
		return this.taskDecorator;
	}

	AkiResult waitOnServer(String endpoint, Map<String, ?> params) {
		assertOpen();
		Map<String, @Nullable Object> encoded = RequestParameters.encode(params);
		JobObservation observation = observe(endpoint, Mode.WAIT, encoded, null);
		try {
			AkiResult result = waitOnServer(endpoint, encoded, observation);
			observation.stop(result, null);
			return orThrow(result);
		}
		catch (RuntimeException | Error ex) {
			observation.fail(ex);
			throw ex;
		}
	}

	private AkiResult waitOnServer(String endpoint, Map<String, @Nullable Object> encoded, JobObservation observation) {
		return observation.inScope(() -> {
			ApiOutcome outcome = this.retrying.make("call of " + endpoint, () -> {
				assertOpen();
				return this.api.call(endpoint, encoded, true);
			}, this.backoff::retryDelayForStart);
			if (Backoff.isTransient(outcome) && ResponseReader.jobId(outcome) != null) {
				return cancelFailedStart(endpoint, outcome);
			}
			return ResponseReader.result(outcome, this.settings.conversion());
		});
	}

	/**
	 * Cancel the job that a failed response names.
	 */
	private AkiResult cancelFailedStart(String endpoint, ApiOutcome start) {
		JobStateMachine machine = new JobStateMachine(this.settings, this.backoff, null,
				this.timing.clock().getAsLong());
		machine.take(start, this.timing.clock().getAsLong());
		ApiOutcome canceled = this.api.progress(endpoint, String.valueOf(machine.jobId()), Map.of(), true);
		return Objects.requireNonNull(machine.take(canceled, this.timing.clock().getAsLong()).result());
	}

	private JobObservation observe(String endpoint, Mode mode, Map<String, @Nullable Object> params,
			@Nullable String jobId) {
		return this.observations.start(this.settings.apiServer(), endpoint, mode, params, jobId, this.keys);
	}

	/**
	 * Start a job and follow it for a caller that does not wait.
	 */
	DefaultAkiJob start(String endpoint, Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		return followInBackground(endpoint, RequestParameters.encode(params), null, callback);
	}

	/**
	 * Follow a job that was started before.
	 */
	DefaultAkiJob resume(String endpoint, String jobId, @Nullable AkiProgressCallback callback) {
		Assert.hasText(jobId, "'jobId' must not be empty");
		return followInBackground(endpoint, Map.of(), jobId, callback);
	}

	private DefaultAkiJob followInBackground(String endpoint, Map<String, @Nullable Object> params,
			@Nullable String jobId, @Nullable AkiProgressCallback callback) {
		Executor callbackThread = callbackThreads();
		DefaultAkiJob job = register(endpoint, params, jobId, callback, callbackThread);
		this.poller.poll(job, callbackThread);
		return job;
	}

	/**
	 * Return the threads for callbacks, with the context of this thread.
	 */
	private Executor callbackThreads() {
		return (this.taskDecorator != null)
				? new ContextPropagatingExecutor(this.poller.callbackThreads(), this.taskDecorator)
				: this.poller.callbackThreads();
	}

	/**
	 * Start a job and follow it for a caller that waits, and runs the callback itself.
	 */
	AkiResult startAndWait(String endpoint, Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		CallerThreadExecutor caller = new CallerThreadExecutor();
		DefaultAkiJob job = register(endpoint, RequestParameters.encode(params), null, callback, caller);
		if (Thread.currentThread().isInterrupted()) {
			job.stop(StopReason.INTERRUPTED);
		}
		this.poller.poll(job, caller);
		try {
			caller.awaitEnd(job);
			return orThrow(job.outcome());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return orThrow(job.interrupt());
		}
	}

	private DefaultAkiJob register(String endpoint, Map<String, @Nullable Object> params, @Nullable String jobId,
			@Nullable AkiProgressCallback callback, Executor callbackThread) {
		DefaultAkiJob job = newJob(endpoint, params, jobId, callback, callbackThread);
		JobObservation observation = observe(endpoint, (jobId != null) ? Mode.RESUME : Mode.POLL, params, jobId);
		job.observedWith(observation);
		try {
			register(job, true);
		}
		catch (RuntimeException ex) {
			observation.fail(ex);
			throw ex;
		}
		return job;
	}

	private DefaultAkiJob newJob(String endpoint, Map<String, @Nullable Object> params, @Nullable String jobId,
			@Nullable AkiProgressCallback callback, Executor callbackThread) {
		assertOpen();
		this.keys.require();
		JobStateMachine machine = new JobStateMachine(this.settings, this.backoff, jobId,
				this.timing.clock().getAsLong());
		return new DefaultAkiJob(this.api, this.settings, endpoint, params, callback, callbackThread, machine,
				this.timing.clock());
	}

	private void register(DefaultAkiJob job, boolean limited) {
		job.forgottenBy(List.of(this.resources::remove, this.jobs::remove));
		this.resources.add(job, limited);
		this.jobs.add(job);
		if (isClosed()) {
			job.abandon();
			assertOpen();
		}
	}

	AkiKeyValidation validateKey() {
		assertOpen();
		String key = this.keys.require();
		ApiOutcome outcome = read("validate_key", () -> this.api.validateKey(key));
		return orThrow(new AkiKeyValidation(ResponseReader.body(outcome), ResponseReader.failureOfKey(outcome)));
	}

	AkiEndpointList endpoints(@Nullable String key) {
		assertOpen();
		ApiOutcome outcome = read("endpoints", () -> this.api.endpoints(key));
		return orThrow(new AkiEndpointList(ResponseReader.body(outcome),
				ResponseReader.failureWithout("endpoints", List.class, outcome)));
	}

	AkiEndpointDetails endpoint(String name, String key) {
		assertOpen();
		ApiOutcome outcome = read("endpoints/" + name, () -> this.api.endpoint(name, key));
		return orThrow(new AkiEndpointDetails(ResponseReader.body(outcome),
				ResponseReader.failureWithout("name", String.class, outcome)));
	}

	private ApiOutcome read(String what, Supplier<ApiOutcome> exchange) {
		return this.retrying.make(what, exchange, this.backoff::retryDelayForRead);
	}

	void cancelAll() {
		DefaultAkiJob callingBack = DefaultAkiJob.callingBack();
		if (callingBack != null && this.jobs.contains(callingBack)) {
			callingBack.cancel();
		}
		else {
			this.jobs.forEach(DefaultAkiJob::cancel);
		}
	}

	private @Nullable DefaultAkiJob find(String jobId) {
		return this.jobs.stream().filter((job) -> jobId.equals(job.jobId())).findFirst().orElse(null);
	}

	/**
	 * Cancel a job and wait for the server's answer. A job that no one follows here is
	 * followed to its end.
	 * @param endpoint tells the endpoint of a job that no one follows
	 */
	AkiResult cancel(String jobId, Supplier<String> endpoint) {
		DefaultAkiJob job = find(jobId);
		if (job == null) {
			job = newJob(endpoint.get(), Map.of(), jobId, null, this.poller.callbackThreads());
			job.cancel();
			register(job, false);
			this.poller.poll(job, this.poller.callbackThreads());
		}
		else {
			job.cancel();
		}
		return (job != DefaultAkiJob.callingBack()) ? orThrow(awaitCanceled(job)) : canceling(job);
	}

	private AkiResult awaitCanceled(DefaultAkiJob job) {
		Duration bound = this.settings.progressTimeout().plus(this.settings.cancelTimeout().multipliedBy(2));
		try {
			AkiResult result = job.ended().get(bound.toNanos(), TimeUnit.NANOSECONDS);
			if (job.isCancelConfirmed()) {
				return confirmed(result);
			}
			Failure failure = result.failure();
			return (failure != null && failure.kind() == Failure.Kind.CANCELED) ? unconfirmed(job, failure.error())
					: result;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return answer(job, new Failure(Failure.Kind.CANCELED,
					"Interrupted while waiting for the server to confirm the cancel; it is being canceled all the same"));
		}
		catch (TimeoutException ex) {
			return unconfirmed(job, "The server did not confirm the cancel within " + bound.toSeconds() + " s");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private AkiResult unconfirmed(DefaultAkiJob job, String error) {
		Failure last = job.lastFailure();
		return answer(job, (last != null) ? new Failure(last.kind(), error, last.status(), last.cause())
				: new Failure(Failure.Kind.TIMEOUT, error));
	}

	private AkiResult canceling(DefaultAkiJob job) {
		return answer(job, null);
	}

	private AkiResult answer(DefaultAkiJob job, @Nullable Failure failure) {
		Map<String, @Nullable Object> wire = new LinkedHashMap<>();
		wire.put("success", true);
		wire.put("job_id", job.jobId());
		wire.put("job_state", job.state().value());
		return new AkiResult(wire, this.settings.conversion(), failure, job.state());
	}

	private AkiResult confirmed(AkiResult canceled) {
		Map<String, @Nullable Object> wire = new LinkedHashMap<>(canceled.wire());
		wire.put("success", true);
		wire.remove("error");
		return new AkiResult(wire, this.settings.conversion(), null, AkiJobState.CANCELED);
	}

	void append(String jobId, Map<String, ?> params) {
		Assert.notNull(jobId, "'jobId' must not be null");
		Map<String, @Nullable Object> encoded = RequestParameters.encode(params);
		DefaultAkiJob job = find(jobId);
		if (job != null) {
			job.append(encoded);
		}
		else {
			logger.warn("Parameters " + encoded.keySet() + " for job " + jobId
					+ " were dropped: this client follows no such job, or it has ended");
		}
	}

	void close() {
		if (isClosed()) {
			return;
		}
		this.closed = true;
		if (this.ownsResources) {
			this.resources.refuse();
		}
		List<DefaultAkiJob> ending = List.copyOf(this.ownsResources ? this.resources.jobs() : this.jobs);
		ending.forEach(DefaultAkiJob::close);
		DefaultAkiJob callingBack = DefaultAkiJob.callingBack();
		ClientResources.awaitEnd(ending.stream().filter((job) -> job != callingBack).toList(),
				this.settings.progressTimeout().plus(this.settings.cancelTimeout()).plus(CLOSING));
		if (this.ownsResources && callingBack != null && ending.contains(callingBack)) {
			callingBack.ended().thenRun(() -> this.resources.close(false));
		}
		else if (this.ownsResources) {
			this.resources.close(!this.poller.callbackThreads().isCurrentThread());
		}
	}

	private boolean isClosed() {
		return this.closed || this.resources.isClosed();
	}

	private void assertOpen() {
		Assert.state(!isClosed(), "This AkiClient is closed");
	}

	private <T extends AkiResponse> T orThrow(T answer) {
		if (this.settings.raiseExceptions()) {
			answer.orThrow();
		}
		return answer;
	}

}
