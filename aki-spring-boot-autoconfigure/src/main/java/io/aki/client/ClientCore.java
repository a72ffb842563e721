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
import io.aki.client.JobMachine.Stop;
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

	private final Connections connections;

	private final boolean ownsConnections;

	private final Timing timing;

	private final @Nullable TaskDecorator taskDecorator;

	private final ApiClient api;

	private final Backoff backoff;

	private final RetryingExchange retrying;

	private final JobPoller poller;

	private final JobObservations observations;

	private final Set<FollowedJob> jobs = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	ClientCore(ClientSettings settings, ApiKeys keys, Connections connections, boolean ownsConnections, Timing timing,
			JobObservations observations, @Nullable TaskDecorator taskDecorator) {
		this.settings = settings;
		this.keys = keys;
		this.connections = connections;
		this.ownsConnections = ownsConnections;
		this.timing = timing;
		this.taskDecorator = taskDecorator;
		this.api = new ApiClient(connections.transport(), settings, keys);
		this.backoff = new Backoff(settings.retry(), timing.random());
		this.retrying = new RetryingExchange(timing);
		this.poller = connections.poller();
		this.observations = observations;
	}

	ClientSettings settings() {
		return this.settings;
	}

	ApiKeys keys() {
		return this.keys;
	}

	Connections connections() {
		return this.connections;
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
			}, this.backoff::beforeStartingAgain);
			if (Backoff.isPassing(outcome) && AnswerReader.jobId(outcome) != null) {
				return cancelFailedStart(endpoint, outcome);
			}
			return AnswerReader.result(outcome, this.settings.conversion());
		});
	}

	/**
	 * Cancel the job that a failed response names.
	 */
	private AkiResult cancelFailedStart(String endpoint, ApiOutcome start) {
		JobMachine machine = new JobMachine(this.settings, this.backoff, null, this.timing.clock().getAsLong());
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
	FollowedJob start(String endpoint, Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		return followInBackground(endpoint, RequestParameters.encode(params), null, callback);
	}

	/**
	 * Follow a job that was started before.
	 */
	FollowedJob resume(String endpoint, String jobId, @Nullable AkiProgressCallback callback) {
		Assert.hasText(jobId, "'jobId' must not be empty");
		return followInBackground(endpoint, Map.of(), jobId, callback);
	}

	private FollowedJob followInBackground(String endpoint, Map<String, @Nullable Object> params,
			@Nullable String jobId, @Nullable AkiProgressCallback callback) {
		Executor callbackThread = callbackThreads();
		FollowedJob job = register(endpoint, params, jobId, callback, callbackThread);
		this.poller.poll(job, callbackThread);
		return job;
	}

	/**
	 * Return the threads for callbacks, with the context of this thread.
	 */
	private Executor callbackThreads() {
		return (this.taskDecorator != null) ? new ContextExecutor(this.poller.callbackThreads(), this.taskDecorator)
				: this.poller.callbackThreads();
	}

	/**
	 * Start a job and follow it for a caller that waits, and runs the callback itself.
	 */
	AkiResult startAndWait(String endpoint, Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		WaitingCaller caller = new WaitingCaller();
		FollowedJob job = register(endpoint, RequestParameters.encode(params), null, callback, caller);
		if (Thread.currentThread().isInterrupted()) {
			job.stop(Stop.INTERRUPTED);
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

	private FollowedJob register(String endpoint, Map<String, @Nullable Object> params, @Nullable String jobId,
			@Nullable AkiProgressCallback callback, Executor callbackThread) {
		FollowedJob job = newJob(endpoint, params, jobId, callback, callbackThread);
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

	private FollowedJob newJob(String endpoint, Map<String, @Nullable Object> params, @Nullable String jobId,
			@Nullable AkiProgressCallback callback, Executor callbackThread) {
		assertOpen();
		this.keys.require();
		JobMachine machine = new JobMachine(this.settings, this.backoff, jobId, this.timing.clock().getAsLong());
		return new FollowedJob(this.api, this.settings, endpoint, params, callback, callbackThread, machine,
				this.timing.clock());
	}

	private void register(FollowedJob job, boolean limited) {
		job.forgottenBy(List.of(this.connections::remove, this.jobs::remove));
		this.connections.add(job, limited);
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
		return orThrow(new AkiKeyValidation(AnswerReader.body(outcome), AnswerReader.failureOfKey(outcome)));
	}

	AkiEndpointList endpoints(@Nullable String key) {
		assertOpen();
		ApiOutcome outcome = read("endpoints", () -> this.api.endpoints(key));
		return orThrow(new AkiEndpointList(AnswerReader.body(outcome),
				AnswerReader.failureWithout("endpoints", List.class, outcome)));
	}

	AkiEndpointDetails endpoint(String name, String key) {
		assertOpen();
		ApiOutcome outcome = read("endpoints/" + name, () -> this.api.endpoint(name, key));
		return orThrow(new AkiEndpointDetails(AnswerReader.body(outcome),
				AnswerReader.failureWithout("name", String.class, outcome)));
	}

	private ApiOutcome read(String what, Supplier<ApiOutcome> exchange) {
		return this.retrying.make(what, exchange, this.backoff::beforeReadingAgain);
	}

	void cancelAll() {
		FollowedJob callingBack = FollowedJob.callingBack();
		if (callingBack != null && this.jobs.contains(callingBack)) {
			callingBack.cancel();
		}
		else {
			this.jobs.forEach(FollowedJob::cancel);
		}
	}

	private @Nullable FollowedJob find(String jobId) {
		return this.jobs.stream().filter((job) -> jobId.equals(job.jobId())).findFirst().orElse(null);
	}

	/**
	 * Cancel a job and wait for the server's answer. A job that no one follows here is
	 * followed to its end.
	 * @param endpoint tells the endpoint of a job that no one follows
	 */
	AkiResult cancel(String jobId, Supplier<String> endpoint) {
		FollowedJob job = find(jobId);
		if (job == null) {
			job = newJob(endpoint.get(), Map.of(), jobId, null, this.poller.callbackThreads());
			job.cancel();
			register(job, false);
			this.poller.poll(job, this.poller.callbackThreads());
		}
		else {
			job.cancel();
		}
		return (job != FollowedJob.callingBack()) ? orThrow(awaitCanceled(job)) : canceling(job);
	}

	private AkiResult awaitCanceled(FollowedJob job) {
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

	private AkiResult unconfirmed(FollowedJob job, String error) {
		Failure last = job.lastFailure();
		return answer(job, (last != null) ? new Failure(last.kind(), error, last.status(), last.cause())
				: new Failure(Failure.Kind.TIMEOUT, error));
	}

	private AkiResult canceling(FollowedJob job) {
		return answer(job, null);
	}

	private AkiResult answer(FollowedJob job, @Nullable Failure failure) {
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
		FollowedJob job = find(jobId);
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
		if (this.ownsConnections) {
			this.connections.refuse();
		}
		List<FollowedJob> ending = List.copyOf(this.ownsConnections ? this.connections.jobs() : this.jobs);
		ending.forEach(FollowedJob::close);
		FollowedJob callingBack = FollowedJob.callingBack();
		Connections.awaitEnd(ending.stream().filter((job) -> job != callingBack).toList(),
				this.settings.progressTimeout().plus(this.settings.cancelTimeout()).plus(CLOSING));
		if (this.ownsConnections && callingBack != null && ending.contains(callingBack)) {
			callingBack.ended().thenRun(() -> this.connections.close(false));
		}
		else if (this.ownsConnections) {
			this.connections.close(!this.poller.callbackThreads().isCurrentThread());
		}
	}

	private boolean isClosed() {
		return this.closed || this.connections.isClosed();
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
