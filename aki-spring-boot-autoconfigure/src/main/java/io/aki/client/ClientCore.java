package io.aki.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.aki.client.AkiRequestObservationContext.Mode;
import io.aki.client.json.RequestParameters;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;
import org.springframework.util.Assert;

/**
 * The parts that a client shares with its views: the settings, the key, and the jobs that
 * they follow.
 */
final class ClientCore {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	/** Time for the work on this side after the last exchange. */
	private static final Duration CLOSE_MARGIN = Duration.ofSeconds(1);

	private final ClientSettings settings;

	private final ApiKeys keys;

	private final ClientResources resources;

	private final boolean ownsResources;

	private final Timing timing;

	private final @Nullable TaskDecorator taskDecorator;

	private final JobObservations observations;

	private final RequestGuards guards;

	private final ApiClient api;

	private final Backoff backoff;

	private final RetryingExchange retrying;

	private final JobCanceler canceler;

	private final Set<DefaultAkiJob> jobs = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	ClientCore(ClientSettings settings, ApiKeys keys, ClientResources resources, boolean ownsResources, Timing timing,
			JobObservations observations, RequestGuards guards, @Nullable TaskDecorator taskDecorator) {
		this.settings = settings;
		this.keys = keys;
		this.resources = resources;
		this.ownsResources = ownsResources;
		this.timing = timing;
		this.taskDecorator = taskDecorator;
		this.observations = observations;
		this.guards = guards;
		this.api = new ApiClient(resources.transport().logging(settings.requestLogging()), settings, keys);
		this.backoff = new Backoff(settings.retry(), timing.random());
		this.retrying = new RetryingExchange(timing);
		this.canceler = new JobCanceler(settings);
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

	RequestGuards guards() {
		return this.guards;
	}

	Timing timing() {
		return this.timing;
	}

	@Nullable TaskDecorator taskDecorator() {
		return this.taskDecorator;
	}

	ApiClient api() {
		return this.api;
	}

	Backoff backoff() {
		return this.backoff;
	}

	RetryingExchange retrying() {
		return this.retrying;
	}

	long now() {
		return this.timing.clock().getAsLong();
	}

	JobStateMachine stateMachine(@Nullable String jobId) {
		return new JobStateMachine(this.settings, this.backoff, jobId, now());
	}

	JobObservation observe(String endpoint, Mode mode, Map<String, @Nullable Object> params, @Nullable String jobId) {
		return this.observations.start(this.settings.apiServer().value(), endpoint, mode, params, jobId, this.keys);
	}

	/**
	 * Send a request that waits on the server for its result.
	 */
	AkiResult call(String endpoint, Map<String, ?> params) {
		assertOpen();
		BlockingCallGuard.assertMayBlock();
		Map<String, @Nullable Object> encoded = RequestParameters.encode(params);
		this.keys.require();
		StartPermit permit = this.guards.ask(endpoint, encoded);
		try {
			return orThrow(new BlockingCall(this, endpoint, encoded).execute());
		}
		finally {
			permit.end();
		}
	}

	/**
	 * Start a job and follow it in the background.
	 */
	DefaultAkiJob start(String endpoint, Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		return follow(new JobRequest(endpoint, RequestParameters.encode(params), null, callback, callbackExecutor()),
				true);
	}

	/**
	 * Follow a job in the background that was started before.
	 */
	DefaultAkiJob resume(String endpoint, String jobId, @Nullable AkiProgressCallback callback) {
		Assert.hasText(jobId, "'jobId' must not be empty");
		return follow(new JobRequest(endpoint, Map.of(), jobId, callback, callbackExecutor()), true);
	}

	/**
	 * Return the executor for the caller's code, with the context of the calling thread.
	 */
	private Executor callbackExecutor() {
		Executor threads = this.resources.poller().callbackThreads();
		return (this.taskDecorator != null) ? new ContextPropagatingExecutor(threads, this.taskDecorator) : threads;
	}

	/**
	 * Start a job, run its callback in the calling thread, and wait for its result.
	 */
	AkiResult startAndWait(String endpoint, Map<String, ?> params, @Nullable AkiProgressCallback callback) {
		assertOpen();
		BlockingCallGuard.assertMayBlock();
		CallerThreadExecutor caller = new CallerThreadExecutor();
		DefaultAkiJob job = create(new JobRequest(endpoint, RequestParameters.encode(params), null, callback, caller),
				true);
		if (Thread.currentThread().isInterrupted()) {
			job.stop(JobStateMachine.StopReason.INTERRUPTED);
		}
		job.start();
		try {
			caller.awaitEnd(job);
			return orThrow(job.outcome());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return orThrow(job.interrupt());
		}
	}

	private DefaultAkiJob follow(JobRequest request, boolean limited) {
		DefaultAkiJob job = create(request, limited);
		job.start();
		return job;
	}

	/**
	 * Create and register a job.
	 * @param limited whether the job counts towards the maximum number of jobs
	 */
	private DefaultAkiJob create(JobRequest request, boolean limited) {
		assertOpen();
		this.keys.require();
		// before the guards, so that they do not count a job that has no place
		this.resources.takePlace(limited);
		DefaultAkiJob job;
		try {
			job = ask(request, limited);
		}
		catch (RuntimeException | Error ex) {
			this.resources.freePlace();
			throw ex;
		}
		register(job);
		return job;
	}

	/**
	 * Ask the guards, and create the job if they allow it.
	 */
	private DefaultAkiJob ask(JobRequest request, boolean limited) {
		StartPermit permit = (request.jobId() == null) ? this.guards.ask(request.endpoint(), request.params())
				: StartPermit.UNGUARDED;
		JobObservation observation = JobObservation.NONE;
		try {
			if (limited) {
				observation = observe(request);
			}
			return new DefaultAkiJob(request, stateMachine(request.jobId()), this.api, this.settings,
					this.timing.clock(), observation, this.resources.poller(), (ended) -> {
						remove(ended);
						permit.end();
					});
		}
		catch (RuntimeException | Error ex) {
			observation.fail(ex);
			permit.end();
			throw ex;
		}
	}

	private JobObservation observe(JobRequest request) {
		Mode mode = (request.jobId() != null) ? Mode.RESUME : Mode.POLL;
		return observe(request.endpoint(), mode, request.params(), request.jobId());
	}

	private void register(DefaultAkiJob job) {
		this.resources.add(job);
		this.jobs.add(job);
		if (isClosed()) {
			job.endUnfinished();
			assertOpen();
		}
	}

	private void remove(DefaultAkiJob job) {
		this.resources.remove(job);
		this.jobs.remove(job);
	}

	AkiKeyValidation validateKey() {
		assertOpen();
		String key = this.keys.require();
		ApiResponse response = read("validate_key", () -> this.api.validateKey(key));
		Failure failure = require(Failure.isTrue(response.body().get("success")), "success", response);
		if (failure != null && failure.kind() == Failure.Kind.JOB_FAILED) {
			failure = failure.withKind(Failure.Kind.PERMISSION).withError(this.keys.describeInvalid(failure.error()));
		}
		return orThrow(new AkiKeyValidation(response.body(), failure));
	}

	AkiEndpointList endpoints(@Nullable String key) {
		assertOpen();
		ApiResponse response = read("endpoints", () -> this.api.endpoints(key));
		boolean complete = response.body().get("endpoints") instanceof List;
		return orThrow(new AkiEndpointList(response.body(), require(complete, "endpoints", response)));
	}

	AkiEndpointDetails endpoint(String name, String key) {
		assertOpen();
		ApiResponse response = read("endpoints/" + name, () -> this.api.endpoint(name, key));
		boolean complete = response.body().get("name") instanceof String;
		return orThrow(new AkiEndpointDetails(response.body(), require(complete, "name", response)));
	}

	private ApiResponse read(String what, Supplier<ApiResponse> exchange) {
		return this.retrying.make(what, exchange, this.backoff::retryDelayForRead);
	}

	private static @Nullable Failure require(boolean complete, String name, ApiResponse response) {
		if (response.failure() != null || complete) {
			return response.failure();
		}
		return new Failure(Failure.Kind.CONNECTION, "The server's response contains no '" + name + "', only "
				+ response.body().keySet() + ". Is 'aki.io.api-server' the address of AKI.IO?");
	}

	/**
	 * Cancel the job whose callback runs in the calling thread, else all jobs.
	 */
	void cancelRequest() {
		DefaultAkiJob job = DefaultAkiJob.callingBack();
		if (job != null && this.jobs.contains(job)) {
			job.cancel();
		}
		else {
			cancelAll();
		}
	}

	void cancelAll() {
		this.jobs.forEach(DefaultAkiJob::cancel);
	}

	/**
	 * Cancel a job and wait for the server's confirmation. A job that is not followed
	 * here is followed until its end.
	 * @param endpoint supplies the endpoint of a job that is not followed here
	 */
	AkiResult cancel(String jobId, Supplier<String> endpoint) {
		DefaultAkiJob job = find(jobId);
		if (job == null) {
			job = create(
					new JobRequest(endpoint.get(), Map.of(), jobId, null, this.resources.poller().callbackThreads()),
					false);
			job.cancel();
			job.start();
		}
		return orThrow(this.canceler.cancel(job));
	}

	private @Nullable DefaultAkiJob find(String jobId) {
		return this.jobs.stream().filter((job) -> jobId.equals(job.jobId())).findFirst().orElse(null);
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
					+ " were dropped: this client does not follow the job, or the job has ended");
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
				this.settings.progressTimeout().plus(this.settings.cancelTimeout()).plus(CLOSE_MARGIN));
		if (this.ownsResources && callingBack != null && ending.contains(callingBack)) {
			callingBack.ended().thenRun(() -> this.resources.close(false));
		}
		else if (this.ownsResources) {
			this.resources.close(!this.resources.poller().callbackThreads().isCurrentThread());
		}
	}

	private boolean isClosed() {
		return this.closed || this.resources.isClosed();
	}

	void assertOpen() {
		Assert.state(!isClosed(), "This AkiClient is closed");
	}

	private <T extends AkiResponse> T orThrow(T response) {
		if (this.settings.raiseExceptions()) {
			response.orThrow();
		}
		return response;
	}

}
