package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.aki.client.http.ExchangeFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The states of one job: how it reacts to a response, when the next exchange is due, and
 * when the job ends. It contains no thread, no clock and no HTTP: times are nanoseconds
 * of one clock and are passed in. Not thread-safe.
 */
final class JobStateMachine {

	/**
	 * Why a job is stopped before it is done.
	 */
	enum StopReason {

		CANCELED, JOB_TIMEOUT, CALLBACK_FAILED, INTERRUPTED, CLOSED,

		/** The server named a job in the response that refused to start it. */
		START_FAILED,

		/** The client no longer follows the job, but does not cancel it. */
		DETACHED

	}

	/**
	 * The effect of a response: progress, or the end of the job, or neither.
	 *
	 * @param progress the progress to report
	 * @param result the result that ends the job
	 */
	record Transition(@Nullable AkiProgress progress, @Nullable AkiResult result) {

		static final Transition NONE = new Transition(null, null);

	}

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private static final int UNKNOWN_JOB = 402;

	private final ClientSettings settings;

	private final Backoff backoff;

	private final long startedAt;

	private @Nullable String jobId;

	private AkiJobState state = AkiJobState.UNKNOWN;

	private Map<String, @Nullable Object> partial = Map.of();

	private long nextAt;

	private int failures;

	private long failingSince;

	private @Nullable Failure lastFailure;

	private @Nullable Failure startFailure;

	private boolean spread;

	private @Nullable StopReason stop;

	private boolean cancelSent;

	private long cancelSentAt;

	private boolean cancelConfirmed;

	JobStateMachine(ClientSettings settings, Backoff backoff, @Nullable String jobId, long now) {
		this.settings = settings;
		this.backoff = backoff;
		this.jobId = jobId;
		this.startedAt = now;
		this.nextAt = now;
	}

	@Nullable String jobId() {
		return this.jobId;
	}

	AkiJobState state() {
		return this.state;
	}

	/**
	 * Return whether the next exchange is the one that starts the job.
	 */
	boolean isStarting() {
		return this.jobId == null;
	}

	/**
	 * Return whether the next poll asks the server to cancel the job.
	 */
	boolean isStopping() {
		return this.stop != null;
	}

	/**
	 * Return whether the job ends without another exchange.
	 */
	boolean endsWithoutExchange() {
		return this.stop == StopReason.DETACHED || (this.stop != null && isStarting());
	}

	/**
	 * Return whether the server confirmed that the job is canceled.
	 */
	boolean isCancelConfirmed() {
		return this.cancelConfirmed;
	}

	/**
	 * Return why the last exchange failed.
	 * @return the failure, or {@code null} if the exchange succeeded
	 */
	@Nullable Failure lastFailure() {
		return (this.failures > 0) ? this.lastFailure : null;
	}

	/**
	 * Return when the next exchange is due, after the last exchange and its callback. The
	 * period stays constant: polls that could not be made in time are skipped.
	 */
	long nextAt(long now) {
		long late = now - this.nextAt;
		if (late > 0 && this.failures == 0 && (this.stop == null || this.cancelSent) && !isStarting()) {
			long interval = this.settings.progressInterval().toNanos();
			this.nextAt += (late / interval + 1) * interval;
		}
		this.nextAt = Math.min(this.nextAt, limit(now));
		return this.nextAt;
	}

	private long limit(long now) {
		if (this.stop == null) {
			return this.startedAt + this.settings.jobTimeout().toNanos();
		}
		return this.cancelSent ? this.cancelSentAt + this.settings.cancelTimeout().toNanos() : now;
	}

	/**
	 * Stop the job. The first reason counts.
	 */
	void stop(StopReason reason, long now) {
		if (this.stop == null) {
			this.stop = reason;
			this.nextAt = now;
		}
	}

	/**
	 * Check the time limits before an exchange.
	 * @return the result that ends the job, or {@code null} to make the exchange
	 */
	@Nullable AkiResult beforeExchange(long now) {
		if (this.stop == null && now - this.startedAt >= this.settings.jobTimeout().toNanos()) {
			stop(StopReason.JOB_TIMEOUT, now);
		}
		if (this.stop == null) {
			return null;
		}
		if (this.stop == StopReason.DETACHED) {
			return detached(isStarting());
		}
		if (isStarting()) {
			return stopped("");
		}
		if (!this.cancelSent) {
			this.cancelSent = true;
			this.cancelSentAt = now;
		}
		else if (now - this.cancelSentAt >= this.settings.cancelTimeout().toNanos()) {
			Failure failure = lastFailure();
			return stopped(" (the server did not confirm within " + seconds(this.settings.cancelTimeout())
					+ "; the job may still run there" + ((failure != null) ? ". Last failure: " + failure.error() : "")
					+ ")");
		}
		return null;
	}

	/**
	 * Take the response to the request that starts the job.
	 */
	Transition takeStart(ApiResponse response, long now) {
		this.failures++;
		Failure failure = response.failure();
		this.jobId = response.jobId();
		if (this.jobId != null && failure != null) {
			this.startFailure = failure;
			stop(StopReason.START_FAILED, now);
			return Transition.NONE;
		}
		if (this.jobId != null) {
			this.state = AkiJobState.QUEUED;
			this.failures = 0;
			this.nextAt = (this.stop != null) ? now : now + firstWait();
			return new Transition(new AkiProgress(AkiProgressInfo.accepted(this.jobId), null), null);
		}
		if (failure == null) {
			failure = new Failure(Failure.Kind.CONNECTION, "The server accepted the request but named no job");
		}
		Duration wait = this.backoff.retryDelayForStart(response, this.failures);
		if (wait == null) {
			return end(new AkiResult(response.body(), this.settings.conversion(), response.startFailure(failure),
					AkiJobState.UNKNOWN));
		}
		waitFor(wait, now, "start of the job", failure);
		return Transition.NONE;
	}

	/**
	 * Return the wait before the first regular poll. It is randomly shorter than the
	 * others, so that the polls of jobs that started together are spread.
	 */
	private long firstWait() {
		this.spread = true;
		return (long) (this.settings.progressInterval().toNanos() * this.backoff.fraction());
	}

	/**
	 * Take the response to a poll.
	 */
	Transition takePoll(PollResponse poll, long now) {
		Transition transition = evaluate(poll, now);
		return (this.startFailure == null || (transition.result() != null && transition.result().success()))
				? transition : end(failed(Map.of(), startFailed()));
	}

	private Transition evaluate(PollResponse poll, long now) {
		ApiResponse response = poll.response();
		if (response.isFromApi() && !response.hasErrorStatus()) {
			return poll.isAboutJob() ? takeReport(poll, now) : transientFailure(response, notAboutJob(response), now);
		}
		if (poll.state() == AkiJobState.CANCELED || poll.state() == AkiJobState.LAPSED) {
			return endedWithoutResult(poll);
		}
		Failure failure = Objects.requireNonNull(response.failure());
		if (response.isFromApi() && response.status() == UNKNOWN_JOB) {
			return end(failed(this.partial, unknownJob(failure)));
		}
		if (!response.isTransientFailure()) {
			return end(failed(response.body(), response.isFromApi() ? failure : givenUp(response, failure)));
		}
		return transientFailure(response, failure, now);
	}

	/**
	 * The server answers 402 for a job that it does not know, and for a key that may not
	 * use the endpoint.
	 */
	private Failure unknownJob(Failure failure) {
		return new Failure(Failure.Kind.JOB_FAILED,
				failure.error()
						+ ". The server does not know the job (any more): its result was fetched or has expired,"
						+ " or the server was restarted. If instead the key may not use the endpoint, correct the key;"
						+ " then resume(\"" + this.jobId + "\") follows it again",
				failure.status(), null);
	}

	private Failure givenUp(ApiResponse response, Failure failure) {
		String remark = (response.exchangeFailure() == ExchangeFailure.TOO_LARGE)
				? ". If it was the job's result, the result is lost: the server returns it only once. " : ". ";
		return failure.withError(failure.error() + remark + advice());
	}

	private Transition transientFailure(ApiResponse response, Failure failure, long now) {
		if (this.failures++ == 0) {
			this.failingSince = now;
		}
		this.lastFailure = failure;
		long endAt = this.failingSince + this.settings.outageTimeout().toNanos();
		if (now - endAt >= 0) {
			return end(failed(Map.of(), failure.withError("Gave up after " + seconds(this.settings.outageTimeout())
					+ " without a usable response. " + advice() + ". Last failure: " + failure.error())));
		}
		waitFor(this.backoff.delay(this.failures, response.retryAfter()), now, "poll of job " + this.jobId, failure);
		this.nextAt = Math.min(this.nextAt, endAt);
		return Transition.NONE;
	}

	private Transition takeReport(PollResponse poll, long now) {
		this.failures = 0;
		AkiJobState state = poll.state();
		if (poll.result() != null) {
			return finished(poll, poll.result());
		}
		if (state.isFinal() && (state != AkiJobState.DONE || !poll.hasProgress())) {
			return endedWithoutResult(poll);
		}
		Failure failure = poll.response().failure();
		if (failure != null && !poll.hasProgress()) {
			return end(failed(poll.response().body(), failure));
		}
		this.state = state;
		this.nextAt = this.spread ? this.nextAt + this.settings.progressInterval().toNanos() : now + firstWait();
		keepPartialResults(poll);
		AkiProgressData data = (poll.partial() != null)
				? new AkiProgressData(poll.partial(), this.settings.conversion()) : null;
		AkiProgressInfo info = new AkiProgressInfo(String.valueOf(this.jobId), poll.percent(), poll.queuePosition(),
				poll.estimate(), state, poll.serverState(), poll.success());
		return new Transition(new AkiProgress(info, data), null);
	}

	private void keepPartialResults(PollResponse poll) {
		if (poll.partial() != null) {
			this.partial = poll.partial();
		}
	}

	private Transition finished(PollResponse poll, Map<String, @Nullable Object> result) {
		AkiJobState state = poll.state();
		if (state == AkiJobState.CANCELED) {
			this.state = state;
			Map<String, @Nullable Object> merged = new LinkedHashMap<>(this.partial);
			merged.putAll(result);
			this.partial = merged;
			return end(confirmed());
		}
		this.state = (state == AkiJobState.LAPSED) ? state : AkiJobState.DONE;
		Failure failure = poll.response().failure();
		if (failure != null && state == AkiJobState.LAPSED) {
			failure = failure.withKind(Failure.Kind.LAPSED);
		}
		return end(new AkiResult(withJobId(result), this.settings.conversion(), failure, this.state));
	}

	private Transition endedWithoutResult(PollResponse poll) {
		this.state = poll.state();
		keepPartialResults(poll);
		if (this.state == AkiJobState.CANCELED) {
			return end(confirmed());
		}
		ApiResponse response = poll.response();
		String text = ErrorText.in(response.body());
		if (this.state == AkiJobState.LAPSED) {
			return end(failed(partialWithState(),
					new Failure(Failure.Kind.LAPSED,
							(text != null) ? text : "The job has lapsed: the server does not work on it any more",
							response.hasErrorStatus() ? response.status() : null, null)));
		}
		return end(failed(Map.of(), new Failure(Failure.Kind.JOB_FAILED, (text != null) ? text
				: "The job is done but its result is lost: the server returns a result only once, and did so before")));
	}

	private Failure startFailed() {
		Failure failure = Objects.requireNonNull(this.startFailure);
		return new Failure(failure.kind(), failure.error() + ". The server named the job " + this.jobId
				+ (this.cancelConfirmed ? ", which was canceled" : ", but did not confirm its cancel. " + advice()),
				failure.status(), failure.cause());
	}

	/**
	 * Return the result of a job that is no longer followed but not canceled.
	 * @param notStarted whether the server has certainly not started the job
	 */
	AkiResult detached(boolean notStarted) {
		String advice = notStarted ? "The job was not started" : advice();
		return failed(Map.of(), new Failure(Failure.Kind.CANCELED, "The client no longer follows the job. " + advice)
			.withRetryable(notStarted));
	}

	/**
	 * Return the result of a job that ends because of an unexpected exception.
	 */
	AkiResult failed(Throwable cause) {
		return failed(this.partial, new Failure(Failure.Kind.CONNECTION,
				"Following the job failed: " + cause + ". " + advice(), null, cause));
	}

	private String advice() {
		return (this.jobId != null) ? "The job may still run: resume(\"" + this.jobId + "\") follows it again"
				: "It is not known whether the server has started the job";
	}

	/**
	 * Return the result for a caller whose thread was interrupted, while the job is being
	 * canceled.
	 */
	AkiResult interrupted() {
		return failed(this.partial, new Failure(Failure.Kind.CANCELED,
				"canceled: the waiting thread was interrupted" + (isStarting() ? "" : ", the job is being canceled")));
	}

	private AkiResult confirmed() {
		this.cancelConfirmed = true;
		return stopped("");
	}

	/**
	 * Return the result of a job that was stopped, with its partial results.
	 * @param remark why the job may still run on the server, or an empty text
	 */
	private AkiResult stopped(String remark) {
		StopReason reason = (this.stop != null) ? this.stop : StopReason.CANCELED;
		Failure failure = switch (reason) {
			case CANCELED, CALLBACK_FAILED, DETACHED -> new Failure(Failure.Kind.CANCELED, "canceled" + remark);
			case START_FAILED -> startFailed();
			case INTERRUPTED ->
				new Failure(Failure.Kind.CANCELED, "canceled: the waiting thread was interrupted" + remark);
			case CLOSED -> new Failure(Failure.Kind.CANCELED, "canceled: the client was closed" + remark);
			case JOB_TIMEOUT ->
				new Failure(Failure.Kind.TIMEOUT, "The job was canceled because it took longer than 'job-timeout' ("
						+ seconds(this.settings.jobTimeout()) + ")" + remark);
		};
		if (remark.isEmpty()) {
			this.state = AkiJobState.CANCELED;
		}
		return failed(partialWithState(), failure);
	}

	private Map<String, @Nullable Object> partialWithState() {
		Map<String, @Nullable Object> body = new LinkedHashMap<>(this.partial);
		body.put("job_state", this.state.value());
		return body;
	}

	private AkiResult failed(Map<String, @Nullable Object> body, Failure failure) {
		return new AkiResult(withJobId(body), this.settings.conversion(), failure, this.state);
	}

	private Map<String, @Nullable Object> withJobId(Map<String, @Nullable Object> body) {
		if (this.jobId == null || body.get("job_id") != null) {
			return body;
		}
		Map<String, @Nullable Object> named = new LinkedHashMap<>();
		named.put("job_id", this.jobId);
		named.putAll(body);
		return named;
	}

	private void waitFor(Duration wait, long now, String what, Failure failure) {
		this.nextAt = now + wait.toNanos();
		if (logger.isDebugEnabled()) {
			logger.debug("Repeating the " + what + " in " + wait.toMillis() + " ms: " + failure.error());
		}
	}

	private static Transition end(AkiResult result) {
		return new Transition(null, result);
	}

	private static Failure notAboutJob(ApiResponse response) {
		return new Failure(Failure.Kind.CONNECTION, "The server's response contains nothing about the job, only "
				+ response.body().keySet() + ". Is 'aki.io.api-server' the address of AKI.IO?");
	}

	private static String seconds(Duration duration) {
		return duration.toMillis() / 1000.0 + " s";
	}

}
