package io.aki.client;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.aki.client.JobMachine.Stop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a client and its views have in common: the settings, the key, and the jobs that
 * they follow.
 */
final class ClientCore {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final ClientSettings settings;

	private final ApiKeys keys;

	private final Connections connections;

	private final boolean ownsConnections;

	private final Timing timing;

	private final ApiClient api;

	private final Backoff backoff;

	private final RetryingExchange retrying;

	private final CallerThreadDriver callerThread;

	private final Set<FollowedJob> jobs = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	ClientCore(ClientSettings settings, ApiKeys keys, Connections connections, boolean ownsConnections, Timing timing) {
		this.settings = settings;
		this.keys = keys;
		this.connections = connections;
		this.ownsConnections = ownsConnections;
		this.timing = timing;
		this.api = new ApiClient(connections.transport(), settings, keys);
		this.backoff = new Backoff(settings.retry(), timing.random());
		this.retrying = new RetryingExchange(timing);
		this.callerThread = new CallerThreadDriver(connections.background());
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

	Timing timing() {
		return this.timing;
	}

	AkiResult waitOnServer(String endpoint, Map<String, ?> params) {
		assertOpen();
		Map<String, @Nullable Object> encoded = RequestParameters.encode(params);
		ApiOutcome outcome = this.retrying.make("call of " + endpoint, () -> this.api.call(endpoint, encoded, true),
				this.backoff::beforeStartingAgain);
		return orThrow(AnswerReader.result(outcome, this.settings.conversion()));
	}

	AkiResult followHere(FollowedJob job) {
		return orThrow(this.callerThread.follow(job));
	}

	FollowedJob followInBackground(FollowedJob job) {
		this.connections.background().follow(job);
		return job;
	}

	AkiResult await(FollowedJob job) {
		try {
			job.ended().get();
			return orThrow(job.outcome());
		}
		catch (InterruptedException ex) {
			AkiResult result = job.interrupt();
			Thread.currentThread().interrupt();
			return orThrow(result);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	FollowedJob newJob(String endpoint, Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		return register(endpoint, RequestParameters.encode(params), null, callback);
	}

	FollowedJob startedJob(String endpoint, String jobId, @Nullable AkiProgressCallback callback) {
		Assert.hasText(jobId, "'jobId' must not be empty");
		return register(endpoint, Map.of(), jobId, callback);
	}

	private FollowedJob register(String endpoint, Map<String, @Nullable Object> params, @Nullable String jobId,
			@Nullable AkiProgressCallback callback) {
		assertOpen();
		this.keys.require();
		JobMachine machine = new JobMachine(this.settings, this.backoff, jobId, this.timing.clock().getAsLong());
		FollowedJob job = new FollowedJob(this.api, endpoint, params, this.settings.raiseExceptions(), callback,
				machine, this.timing.clock());
		this.connections.add(job);
		this.jobs.add(job);
		job.ended().whenComplete((result, failure) -> this.jobs.remove(job));
		if (isClosed()) {
			job.abandon();
			assertOpen();
		}
		return job;
	}

	AkiKeyValidation validateKey() {
		assertOpen();
		String key = this.keys.require();
		ApiOutcome outcome = read("validate_key", () -> this.api.validateKey(key));
		Failure failure = AnswerReader.failure(outcome);
		if (failure != null && failure.kind() == Failure.Kind.JOB_FAILED) {
			failure = new Failure(Failure.Kind.PERMISSION, failure.error());
		}
		return orThrow(new AkiKeyValidation(AnswerReader.body(outcome), failure));
	}

	AkiEndpointList endpoints(@Nullable String key) {
		assertOpen();
		ApiOutcome outcome = read("endpoints", () -> this.api.endpoints(key));
		return orThrow(new AkiEndpointList(AnswerReader.body(outcome), AnswerReader.failure(outcome)));
	}

	AkiEndpointDetails endpoint(String name, String key) {
		assertOpen();
		ApiOutcome outcome = read("endpoints/" + name, () -> this.api.endpoint(name, key));
		return orThrow(new AkiEndpointDetails(AnswerReader.body(outcome), AnswerReader.failure(outcome)));
	}

	private ApiOutcome read(String what, java.util.function.Supplier<ApiOutcome> exchange) {
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

	@Nullable FollowedJob find(String jobId) {
		return this.jobs.stream().filter((job) -> jobId.equals(job.jobId())).findFirst().orElse(null);
	}

	/**
	 * Cancel a job that this client follows.
	 */
	AkiResult cancel(FollowedJob job) {
		job.cancel();
		if (job == FollowedJob.callingBack()) {
			return canceling(job);
		}
		try {
			long bound = this.settings.cancelTimeout().plus(this.settings.progressTimeout()).toNanos();
			AkiResult result = job.ended().get(bound, TimeUnit.NANOSECONDS);
			boolean confirmed = result.jobState() == AkiJobState.CANCELED && "canceled".equals(result.error());
			return orThrow(confirmed ? confirmed(result) : result);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return canceling(job);
		}
		catch (TimeoutException ex) {
			return orThrow(canceling(job));
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private AkiResult canceling(FollowedJob job) {
		Map<String, @Nullable Object> wire = new LinkedHashMap<>();
		wire.put("success", true);
		wire.put("job_id", job.jobId());
		wire.put("job_state", job.state().value());
		return new AkiResult(wire, this.settings.conversion(), null, job.state());
	}

	private AkiResult confirmed(AkiResult canceled) {
		Map<String, @Nullable Object> wire = new LinkedHashMap<>(canceled.wire());
		wire.put("success", true);
		wire.remove("error");
		return new AkiResult(wire, this.settings.conversion(), null, AkiJobState.CANCELED);
	}

	/**
	 * Cancel a job that someone else follows, or no one.
	 */
	AkiResult cancel(String endpoint, String jobId) {
		assertOpen();
		ApiOutcome outcome = read("cancel of job " + jobId, () -> this.api.progress(endpoint, jobId, Map.of(), true));
		return orThrow(AnswerReader.canceled(outcome, this.settings.conversion()));
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
		FollowedJob callingBack = FollowedJob.callingBack();
		Collection<FollowedJob> ending = List.copyOf(this.ownsConnections ? this.connections.jobs() : this.jobs);
		for (FollowedJob job : ending) {
			if (this.settings.cancelOnClose()) {
				job.stop(Stop.CLOSED);
			}
			else {
				job.abandon();
			}
		}
		long bound = this.settings.cancelTimeout().plusSeconds(1).toNanos();
		Connections.awaitEnd(ending.stream().filter((job) -> job != callingBack).toList(), bound);
		if (this.ownsConnections) {
			this.connections.close();
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
