package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.aki.client.ApiOutcome.Answer;
import io.aki.client.ApiOutcome.NoAnswer;
import io.aki.client.http.ExchangeFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The course of one job: what an answer means, when the next exchange is due, and when to
 * give up. It has no thread, no clock and no HTTP in it; times are nanoseconds of one
 * clock, passed in. Not thread-safe.
 */
final class JobStateMachine {

	/**
	 * Why a job is brought to its end before it is done.
	 */
	enum StopReason {

		CANCELED, JOB_TIMEOUT, CALLBACK_FAILED, INTERRUPTED, CLOSED,

		/** The server named a job in the response that refused to start it. */
		START_FAILED,

		/** The job is left to the server: it is not canceled there. */
		LEFT

	}

	/**
	 * What an exchange has brought: a report, or the end, or neither.
	 *
	 * @param progress a report for the caller
	 * @param result the result that ends the job
	 */
	record Transition(@Nullable AkiProgress progress, @Nullable AkiResult result) {

		static final Transition NOTHING = new Transition(null, null);

	}

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	/** An answer that has none of these is not the API's. */
	private static final Set<String> ABOUT_JOB = Set.of("success", "job_state", "progress", "job_result", "error",
			"message");

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
		return this.stop == StopReason.LEFT || (this.stop != null && isStarting());
	}

	/**
	 * Return whether the server had the job canceled.
	 */
	boolean isCancelConfirmed() {
		return this.cancelConfirmed;
	}

	/**
	 * Return why the last exchange failed.
	 * @return the failure, or {@code null} if it did not
	 */
	@Nullable Failure lastFailure() {
		return (this.failures > 0) ? this.lastFailure : null;
	}

	/**
	 * Return when the next exchange is due, after the last exchange and its callback. The
	 * period stays steady: polls that could not be made in time are left out.
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
	 * Have the job brought to its end. The first reason counts.
	 */
	void stop(StopReason reason, long now) {
		if (this.stop == null) {
			this.stop = reason;
			this.nextAt = now;
		}
	}

	/**
	 * Look at the limits before an exchange.
	 * @return the end, or {@code null} if the exchange is to be made
	 */
	@Nullable AkiResult beforeExchange(long now) {
		if (this.stop == null && now - this.startedAt >= this.settings.jobTimeout().toNanos()) {
			stop(StopReason.JOB_TIMEOUT, now);
		}
		if (this.stop == null) {
			return null;
		}
		if (this.stop == StopReason.LEFT) {
			return abandoned();
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
					+ "; the job may go on there" + ((failure != null) ? ". Last failure: " + failure.error() : "")
					+ ")");
		}
		return null;
	}

	/**
	 * Take what an exchange has brought.
	 */
	Transition take(ApiOutcome outcome, long now) {
		if (isStarting()) {
			return takeStart(outcome, now);
		}
		Transition step = takePoll(outcome, now);
		return (this.startFailure == null || (step.result() != null && step.result().success())) ? step
				: end(failed(Map.of(), startFailed()));
	}

	private Transition takeStart(ApiOutcome outcome, long now) {
		this.failures++;
		Failure failure = ResponseReader.failure(outcome);
		this.jobId = ResponseReader.jobId(outcome);
		if (this.jobId != null && failure != null) {
			this.startFailure = failure;
			stop(StopReason.START_FAILED, now);
			return Transition.NOTHING;
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
		Duration wait = this.backoff.retryDelayForStart(outcome, this.failures);
		if (wait == null) {
			return end(new AkiResult(ResponseReader.body(outcome), this.settings.conversion(),
					ResponseReader.ofStart(outcome, failure), AkiJobState.UNKNOWN));
		}
		waitFor(wait, now, "start of the job", failure);
		return Transition.NOTHING;
	}

	/**
	 * Return the wait before the first regular poll: by chance shorter than the others,
	 * so that the polls of jobs that began together are spread.
	 */
	private long firstWait() {
		this.spread = true;
		return (long) (this.settings.progressInterval().toNanos() * this.backoff.fraction());
	}

	private Transition takePoll(ApiOutcome outcome, long now) {
		if (outcome instanceof Answer answer) {
			if (answer.status() < 400) {
				return isAboutJob(answer.body()) ? takeAnswer(answer.body(), now)
						: transientFailure(outcome, foreign(answer.body()), now);
			}
			AkiJobState state = AkiJobState.of(text(answer.body(), "job_state"));
			if (state == AkiJobState.CANCELED || state == AkiJobState.LAPSED) {
				return endedWithoutResult(state, answer.body(), answer.status());
			}
		}
		Failure failure = Objects.requireNonNull(ResponseReader.failure(outcome));
		if (outcome instanceof Answer && outcome.status() == UNKNOWN_JOB) {
			return end(failed(this.partial, unknownJob(failure)));
		}
		if (!Backoff.isTransient(outcome)) {
			return end(failed(ResponseReader.body(outcome), givenUp(outcome, failure)));
		}
		return transientFailure(outcome, failure, now);
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

	private Failure givenUp(ApiOutcome outcome, Failure failure) {
		if (!(outcome instanceof NoAnswer none)) {
			return failure;
		}
		String remark = (none.kind() == ExchangeFailure.TOO_LARGE)
				? ". If it was the job's result, that is lost: the server hands it out once. " : ". ";
		return new Failure(failure.kind(), failure.error() + remark + advice(), failure.status(), failure.cause());
	}

	private Transition transientFailure(ApiOutcome outcome, Failure failure, long now) {
		if (this.failures++ == 0) {
			this.failingSince = now;
		}
		this.lastFailure = failure;
		long failing = now - this.failingSince;
		if (failing >= this.settings.outageTimeout().toNanos()) {
			return end(failed(Map.of(),
					new Failure(failure.kind(),
							"Gave up after " + seconds(this.settings.outageTimeout())
									+ " without a usable answer. The job may go on: resume(\"" + this.jobId
									+ "\") follows it again. Last failure: " + failure.error(),
							failure.status(), failure.cause())));
		}
		Duration wait = this.backoff.delay(this.failures, outcome.retryAfter());
		waitFor(wait, now, "poll of job " + this.jobId, failure);
		long giveUpAt = this.failingSince + this.settings.outageTimeout().toNanos();
		this.nextAt = Math.min(this.nextAt, giveUpAt);
		return Transition.NOTHING;
	}

	private Transition takeAnswer(Map<String, @Nullable Object> body, long now) {
		this.failures = 0;
		String serverState = text(body, "job_state");
		AkiJobState state = AkiJobState.of(serverState);
		Map<?, ?> progress = (body.get("progress") instanceof Map<?, ?> map) ? map : Map.of();
		if (body.get("job_result") instanceof Map<?, ?> result && !result.isEmpty()) {
			return finished(state, WireJson.object(result));
		}
		if (state.isFinal() && (state != AkiJobState.DONE || progress.isEmpty())) {
			return endedWithoutResult(state, body, null);
		}
		if (progress.isEmpty()) {
			Failure failure = ResponseReader.failure(body);
			if (failure != null) {
				return end(failed(body, failure));
			}
		}
		this.state = state;
		this.nextAt = this.spread ? this.nextAt + this.settings.progressInterval().toNanos() : now + firstWait();
		return new Transition(report(progress, state, serverState, body), null);
	}

	private AkiProgress report(Map<?, ?> progress, AkiJobState state, @Nullable String serverState,
			Map<String, @Nullable Object> body) {
		AkiProgressData data = keepPartialResults(progress)
				? new AkiProgressData(this.partial, this.settings.conversion()) : null;
		double done = number(progress.get("progress"));
		AkiProgressInfo info = new AkiProgressInfo(String.valueOf(this.jobId), Math.min(done, 100),
				(int) number(progress.get("queue_position")), number(progress.get("estimate")), state,
				(serverState != null) ? serverState : "",
				!body.containsKey("success") || ResponseReader.isTrue(body.get("success")));
		return new AkiProgress(info, data);
	}

	private boolean keepPartialResults(Map<?, ?> progress) {
		if (progress.get("progress_data") instanceof Map<?, ?> partial && !partial.isEmpty()) {
			this.partial = WireJson.object(partial);
			return true;
		}
		return false;
	}

	private Transition finished(AkiJobState state, Map<String, @Nullable Object> result) {
		if (state == AkiJobState.CANCELED) {
			this.state = state;
			Map<String, @Nullable Object> merged = new LinkedHashMap<>(this.partial);
			merged.putAll(result);
			this.partial = merged;
			return end(confirmed());
		}
		this.state = (state == AkiJobState.LAPSED) ? state : AkiJobState.DONE;
		Failure failure = ResponseReader.failure(result);
		if (failure != null && state == AkiJobState.LAPSED) {
			failure = new Failure(Failure.Kind.LAPSED, failure.error());
		}
		return end(new AkiResult(withJobId(result), this.settings.conversion(), failure, this.state));
	}

	private Transition endedWithoutResult(AkiJobState state, Map<String, @Nullable Object> body,
			@Nullable Integer status) {
		this.state = state;
		if (body.get("progress") instanceof Map<?, ?> progress) {
			keepPartialResults(progress);
		}
		if (state == AkiJobState.CANCELED) {
			return end(confirmed());
		}
		String text = ResponseReader.errorText(body);
		if (state == AkiJobState.LAPSED) {
			return end(failed(partialWithState(), new Failure(Failure.Kind.LAPSED,
					(text != null) ? text : "The server gave the job up: it lapsed", status, null)));
		}
		return end(failed(Map.of(), new Failure(Failure.Kind.JOB_FAILED, (text != null) ? text
				: "The job is done but its result is lost: the server hands it out once, and did so before")));
	}

	private Failure startFailed() {
		Failure failure = Objects.requireNonNull(this.startFailure);
		return new Failure(failure.kind(), failure.error() + ". The server named the job " + this.jobId
				+ (this.cancelConfirmed ? ", which was canceled" : ", but did not confirm its cancel. " + advice()),
				failure.status(), failure.cause());
	}

	/**
	 * The result of a job that ends at once, without another exchange: its client is
	 * closed and told to leave the job to the server.
	 */
	AkiResult abandoned() {
		return failed(Map.of(),
				new Failure(Failure.Kind.CANCELED, "No longer followed, because the client was closed. " + advice()));
	}

	/**
	 * The result of a job that ends at once, because something unforeseen happened.
	 */
	AkiResult failed(Throwable cause) {
		return failed(this.partial, new Failure(Failure.Kind.CONNECTION,
				"Following the job failed: " + cause + ". " + advice(), null, cause));
	}

	private String advice() {
		return (this.jobId != null) ? "The job may go on: resume(\"" + this.jobId + "\") follows it again"
				: "It is not known whether the server has started the job";
	}

	/**
	 * The result for a caller that waits no longer, while the job is being canceled.
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
	 * The result of a job that was stopped, with the partial results kept.
	 * @param remark why the job may not be canceled on the server, if so
	 */
	private AkiResult stopped(String remark) {
		StopReason reason = (this.stop != null) ? this.stop : StopReason.CANCELED;
		Failure failure = switch (reason) {
			case CANCELED, CALLBACK_FAILED, LEFT -> new Failure(Failure.Kind.CANCELED, "canceled" + remark);
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
		Map<String, @Nullable Object> wire = new LinkedHashMap<>(this.partial);
		wire.put("job_state", this.state.value());
		return wire;
	}

	private AkiResult failed(Map<String, @Nullable Object> body, Failure failure) {
		return new AkiResult(withJobId(body), this.settings.conversion(), failure, this.state);
	}

	private Map<String, @Nullable Object> withJobId(Map<String, @Nullable Object> body) {
		if (this.jobId == null || body.get("job_id") != null) {
			return body;
		}
		Map<String, @Nullable Object> wire = new LinkedHashMap<>();
		wire.put("job_id", this.jobId);
		wire.putAll(body);
		return wire;
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

	private static boolean isAboutJob(Map<String, @Nullable Object> body) {
		return ABOUT_JOB.stream().anyMatch(body::containsKey);
	}

	private static Failure foreign(Map<String, @Nullable Object> body) {
		return new Failure(Failure.Kind.CONNECTION, "The server's answer says nothing of the job, only " + body.keySet()
				+ ". Is 'aki.io.api-server' the address of AKI.IO?");
	}

	private static @Nullable String text(Map<String, @Nullable Object> body, String name) {
		return (body.get(name) instanceof String text) ? text : null;
	}

	private static double number(@Nullable Object value) {
		return (value instanceof Number number && Double.isFinite(number.doubleValue())) ? number.doubleValue() : -1;
	}

	private static String seconds(Duration duration) {
		return duration.toMillis() / 1000.0 + " s";
	}

}
