package io.aki.client;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.aki.client.AkiRequestObservationContext.Mode;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits on the server for the result of its job.
 */
final class BlockingCall {

	/** The names of a response that accepts a job but does not contain its result. */
	private static final Set<String> ACCEPTANCE = Set.of("success", "job_id", "ep_version");

	private final ClientCore core;

	private final String endpoint;

	private final Map<String, @Nullable Object> params;

	BlockingCall(ClientCore core, String endpoint, Map<String, @Nullable Object> params) {
		this.core = core;
		this.endpoint = endpoint;
		this.params = params;
	}

	/**
	 * Send the request and wait for the result in the calling thread.
	 */
	AkiResult execute() {
		JobObservation observation = this.core.observe(this.endpoint, Mode.WAIT, this.params, null);
		try {
			AkiResult result = observation.inScope(this::send);
			observation.stop(result, null);
			return result;
		}
		catch (RuntimeException | Error ex) {
			observation.fail(ex);
			throw ex;
		}
	}

	private AkiResult send() {
		ApiResponse response = this.core.retrying().make("call of " + this.endpoint, () -> {
			this.core.assertOpen();
			return this.core.api().call(this.endpoint, this.params, true);
		}, this.core.backoff()::retryDelayForStart);
		return (response.isTransientFailure() && response.jobId() != null) ? cancelFailedStart(response)
				: result(response);
	}

	/**
	 * Cancel the job that a failed response names.
	 */
	private AkiResult cancelFailedStart(ApiResponse start) {
		JobStateMachine machine = this.core.stateMachine(null);
		machine.takeStart(start, this.core.now());
		ApiResponse canceled = this.core.api().progress(this.endpoint, String.valueOf(machine.jobId()), Map.of(), true);
		return Objects.requireNonNull(machine.takePoll(PollResponse.of(canceled), this.core.now()).result());
	}

	/**
	 * Return whether a response is more than the acceptance of a job.
	 */
	private static boolean isResult(Map<String, @Nullable Object> body) {
		return Failure.isTrue(body.get("success")) && !ACCEPTANCE.containsAll(body.keySet());
	}

	private AkiResult result(ApiResponse response) {
		OutputConversion conversion = this.core.settings().conversion();
		Map<String, @Nullable Object> body = response.body();
		Failure failure = response.failure();
		if (failure == null && !isResult(body)) {
			failure = new Failure(Failure.Kind.JOB_FAILED, "The server's response contains no result, only "
					+ body.keySet() + ". Is 'aki.io.api-server' the address of AKI.IO?");
		}
		if (failure == null) {
			Object state = body.get("job_state");
			return new AkiResult(body, conversion, null,
					(state != null) ? AkiJobState.of(state.toString()) : AkiJobState.DONE);
		}
		failure = response.startFailure(failure);
		AkiJobState state = AkiJobState.of(ErrorText.of(body.get("job_state")));
		if (state == AkiJobState.LAPSED) {
			failure = failure.withKind(Failure.Kind.LAPSED);
		}
		else if (state == AkiJobState.UNKNOWN && failure.kind() == Failure.Kind.JOB_FAILED
				&& body.get("job_id") != null) {
			state = AkiJobState.DONE;
		}
		return new AkiResult(body, conversion, failure, state);
	}

}
