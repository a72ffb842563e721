package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * A simulated failure of exchanges with the {@link AkiEmulator}. <pre>{@code
 * emulator.faults().add(AkiEmulatorFault.reset().beforeReading().onPhase(Phase.POLL).times(2));
 * emulator.faults().add(AkiEmulatorFault.status(503).retryAfter(Duration.ofSeconds(1)).onEndpoint("llama3_8b_chat"));
 * emulator.faults().add(AkiEmulatorFault.truncatedBody().onPhase(Phase.RESULT));
 * }</pre>
 * <p>
 * A fault is immutable: each method returns a new one. By default it applies to the next
 * exchange in any phase that it supports, at any endpoint.
 * <p>
 * What the description of a fault says of the server having <em>acted</em> is what a
 * client cannot know: whether the job was started, the result handed out or the cancel
 * heeded although no usable answer came. {@link AkiEmulator#jobs()} tells.
 * <p>
 * A refused connection is no fault of one exchange: see
 * {@link AkiEmulator#refuseConnections(boolean)}.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorFault {

	private static final int ONCE = 1;

	private final FaultEffect effect;

	private final Set<Phase> phases;

	private final @Nullable String endpoint;

	private final int skipped;

	private final @Nullable Integer times;

	private AkiEmulatorFault(FaultEffect effect) {
		this(effect, effect.phases(), null, 0, null);
	}

	private AkiEmulatorFault(FaultEffect effect, Set<Phase> phases, @Nullable String endpoint, int skipped,
			@Nullable Integer times) {
		this.effect = effect;
		this.phases = phases;
		this.endpoint = endpoint;
		this.skipped = skipped;
		this.times = times;
	}

	/**
	 * The connection is reset (TCP RST) instead of a response. The server has acted,
	 * unless {@link #beforeReading()} is called.
	 * @return the fault
	 */
	public static AkiEmulatorFault reset() {
		return new AkiEmulatorFault(FaultEffect.reset());
	}

	/**
	 * There is no response until {@link AkiEmulatorFaults#release()}, and the connection
	 * stays open. The server has acted, unless {@link #beforeReading()} is called: then
	 * it acts after the release. If the emulator is closed or reset, the connection is
	 * closed without a response.
	 * @return the fault
	 */
	public static AkiEmulatorFault stalled() {
		return new AkiEmulatorFault(FaultEffect.stalled());
	}

	/**
	 * An HTTP error with the API's JSON, with no {@code Retry-After} unless
	 * {@link #retryAfter(Duration)} is called. The server has not acted, unless
	 * {@link #afterReading()} is called.
	 * @param status the HTTP status, from 200 to 599
	 * @return the fault
	 */
	public static AkiEmulatorFault status(int status) {
		return new AkiEmulatorFault(FaultEffect.status(checkedStatus(status)));
	}

	/**
	 * An HTML page, as a gateway sends it. The server has not acted, unless
	 * {@link #afterReading()} is called.
	 * @param status the HTTP status, from 200 to 599
	 * @return the fault
	 */
	public static AkiEmulatorFault html(int status) {
		return new AkiEmulatorFault(FaultEffect.html(checkedStatus(status)));
	}

	/**
	 * A response without a body and without a content type. The server has not acted,
	 * unless {@link #afterReading()} is called.
	 * @param status the HTTP status, from 200 to 599
	 * @return the fault
	 */
	public static AkiEmulatorFault empty(int status) {
		return new AkiEmulatorFault(FaultEffect.empty(checkedStatus(status)));
	}

	/**
	 * A redirect (302) without a body. The server has not acted, unless
	 * {@link #afterReading()} is called.
	 * @param location the location, sent unchanged
	 * @return the fault
	 */
	public static AkiEmulatorFault redirect(String location) {
		return new AkiEmulatorFault(FaultEffect.redirect(Objects.requireNonNull(location, "location")));
	}

	/**
	 * The connection is closed after half of the body, whose length
	 * {@code Content-Length} declares. The server has acted.
	 * @return the fault
	 */
	public static AkiEmulatorFault truncatedBody() {
		return new AkiEmulatorFault(FaultEffect.truncated());
	}

	/**
	 * A complete response (200, with correct length and type) whose body is half of the
	 * correct JSON. The server has acted.
	 * @return the fault
	 */
	public static AkiEmulatorFault invalidJson() {
		return new AkiEmulatorFault(FaultEffect.invalidJson());
	}

	/**
	 * The correct response, sent byte by byte. The server has acted.
	 * @param perByte the delay between two bytes, with the emulator's clock; zero sends
	 * each byte separately without a delay
	 * @return the fault
	 */
	public static AkiEmulatorFault tricklingBody(Duration perByte) {
		require(!perByte.isNegative(), "Must not be negative: " + perByte);
		return new AkiEmulatorFault(FaultEffect.trickling(perByte));
	}

	/**
	 * The correct JSON, declared as {@code text/plain}. The server has acted.
	 * @return the fault
	 */
	public static AkiEmulatorFault wrongContentType() {
		return new AkiEmulatorFault(FaultEffect.wrongContentType());
	}

	/**
	 * The correct response, padded to a size that {@code Content-Length} declares. The
	 * server has acted. The emulator does not keep the padding in memory.
	 * @param bytes the size of the body; there is no padding if it is too small for the
	 * response
	 * @return the fault
	 */
	public static AkiEmulatorFault oversized(long bytes) {
		require(bytes > 0, "Must be greater than 0: " + bytes);
		return new AkiEmulatorFault(FaultEffect.oversized(bytes, false));
	}

	/**
	 * The correct response, padded to a size that is not declared: the body is sent in
	 * chunks. Otherwise like {@link #oversized(long)}.
	 * @param bytes the size of the body
	 * @return the fault
	 */
	public static AkiEmulatorFault oversizedInChunks(long bytes) {
		require(bytes > 0, "Must be greater than 0: " + bytes);
		return new AkiEmulatorFault(FaultEffect.oversized(bytes, true));
	}

	/**
	 * The job lapses with this poll. Applies to polls and cancel requests of a job that
	 * has not ended ({@link Phase#POLL}, {@link Phase#CANCEL}).
	 * @return the fault
	 */
	public static AkiEmulatorFault lapse() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("lapse", JobFault.LAPSE, Phase.POLL, Phase.CANCEL));
	}

	/**
	 * The result counts as returned, but the response is 'done' without the result
	 * ({@link Phase#RESULT}).
	 * @return the fault
	 */
	public static AkiEmulatorFault loseResult() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("lose the result", JobFault.LOSE_RESULT, Phase.RESULT));
	}

	/**
	 * The cancel request is ignored and answered like a poll. Applies to cancel requests
	 * of a job that has not ended ({@link Phase#CANCEL}).
	 * @return the fault
	 * @see AkiEmulator.Builder#ignoreCancel(boolean)
	 */
	public static AkiEmulatorFault ignoreCancel() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("ignore the cancel", JobFault.IGNORE_CANCEL, Phase.CANCEL));
	}

	/**
	 * The job ends with an error of the worker, which is a response with the status 200,
	 * {@code success: true} and the error. A job that is started runs for a moment. A job
	 * that is polled ends with this response ({@link Phase#START}, {@link Phase#CALL},
	 * {@link Phase#POLL}, {@link Phase#RESULT}).
	 * @param error the error, not blank
	 * @return the fault
	 */
	public static AkiEmulatorFault workerError(String error) {
		require(!error.isBlank(), "The error must say something");
		return new AkiEmulatorFault(FaultEffect.ofJobFault("worker error", JobFault.workerError(error), Phase.START,
				Phase.CALL, Phase.POLL, Phase.RESULT));
	}

	/**
	 * The worker of the job disappears: the job makes no progress and does not end, and
	 * its polls say that no worker is online. The job keeps its slot until it is canceled
	 * or lapses ({@link Phase#START}, {@link Phase#CALL}, {@link Phase#POLL}).
	 * @return the fault
	 */
	public static AkiEmulatorFault workerGone() {
		return new AkiEmulatorFault(
				FaultEffect.ofJobFault("worker gone", JobFault.WORKER_GONE, Phase.START, Phase.CALL, Phase.POLL));
	}

	/**
	 * The server's clock changes before the server acts. If it advances, jobs that become
	 * due are done. If it goes back, jobs keep their progress.
	 * @param duration the difference, which may be negative
	 * @return the fault
	 * @see AkiEmulatorClock#jump(Duration)
	 */
	public static AkiEmulatorFault clockJump(Duration duration) {
		return new AkiEmulatorFault(
				FaultEffect.ofJobFault("clock jump of " + duration, JobFault.clockJump(duration), Phase.values()));
	}

	/**
	 * Let a {@link #reset()} or {@link #stalled()} occur before the server has acted. The
	 * request is not recorded in {@link AkiEmulator#requests()}. Its body is read only if
	 * that is necessary to detect the phase, such as for a fault that is limited to
	 * {@link Phase#POLL}.
	 * @return the fault
	 * @throws IllegalStateException if this fault does not support it
	 */
	public AkiEmulatorFault beforeReading() {
		return with(this.effect.reaching(FaultTiming.UNREAD));
	}

	/**
	 * Let the fault occur after the server has acted, instead of its response. For a call
	 * that waits for its job this is when the job has ended.
	 * @return the fault
	 * @throws IllegalStateException if this fault does not support it
	 */
	public AkiEmulatorFault afterReading() {
		return with(this.effect.reaching(FaultTiming.ACTED));
	}

	/**
	 * Add a {@code Retry-After} header to a {@link #status(int)}, {@link #html(int)},
	 * {@link #empty(int)} or {@link #redirect(String)}.
	 * @param delay the delay, sent in seconds, rounded up; not negative
	 * @return the fault
	 * @throws IllegalStateException if this fault has no own response
	 */
	public AkiEmulatorFault retryAfter(Duration delay) {
		require(!delay.isNegative(), "Must not be negative: " + delay);
		return retryAfter(String.valueOf(delay.plusNanos(999_999_999).toSeconds()));
	}

	/**
	 * Add a {@code Retry-After} header with any value, such as an HTTP date or an invalid
	 * one.
	 * @param value the value
	 * @return the fault
	 * @throws IllegalStateException if this fault has no own response
	 */
	public AkiEmulatorFault retryAfter(String value) {
		return with(this.effect.with(HttpHeader.RETRY_AFTER, Objects.requireNonNull(value, "value")));
	}

	/**
	 * Limit the fault to phases of a job.
	 * @param phase a phase
	 * @param more other phases
	 * @return the fault
	 * @throws IllegalArgumentException if this fault does not support one of them
	 */
	public AkiEmulatorFault onPhase(Phase phase, Phase... more) {
		Set<Phase> chosen = EnumSet.of(phase, more);
		require(this.effect.phases().containsAll(chosen),
				this.effect.name() + " can strike in " + this.effect.phases() + " only, not in " + chosen);
		return new AkiEmulatorFault(this.effect, chosen, this.endpoint, this.skipped, this.times);
	}

	/**
	 * Limit the fault to an endpoint: its calls, its polls, and requests for its details.
	 * @param endpoint the endpoint's name
	 * @return the fault
	 */
	public AkiEmulatorFault onEndpoint(String endpoint) {
		return new AkiEmulatorFault(this.effect, this.phases, Objects.requireNonNull(endpoint, "endpoint"),
				this.skipped, this.times);
	}

	/**
	 * Skip the first exchanges to which the fault would apply, also if another fault
	 * applies to them.
	 * @param exchanges the number, 0 or more
	 * @return the fault
	 */
	public AkiEmulatorFault after(int exchanges) {
		require(exchanges >= 0, "Must not be negative: " + exchanges);
		return new AkiEmulatorFault(this.effect, this.phases, this.endpoint, exchanges, this.times);
	}

	/**
	 * Set how often the fault applies. The default is once, or always for
	 * {@linkplain AkiEmulatorFaults#atRandom random faults}.
	 * @param times the number, 1 or more
	 * @return the fault
	 */
	public AkiEmulatorFault times(int times) {
		require(times > 0, "Must be greater than 0: " + times);
		return new AkiEmulatorFault(this.effect, this.phases, this.endpoint, this.skipped, times);
	}

	/**
	 * Let the fault apply every time until the faults are cleared.
	 * @return the fault
	 */
	public AkiEmulatorFault always() {
		return times(Integer.MAX_VALUE);
	}

	@Override
	public String toString() {
		return this.effect.description() + (this.phases.equals(this.effect.phases()) ? "" : " on " + this.phases)
				+ ((this.endpoint != null) ? " at " + this.endpoint : "");
	}

	FaultEffect effect() {
		return this.effect;
	}

	/**
	 * Return the exchanges to which the fault applies.
	 */
	FaultTarget target() {
		return new FaultTarget(this.phases, this.endpoint, this.effect.jobFault().needsJobUnderWay());
	}

	int skipped() {
		return this.skipped;
	}

	/**
	 * Return how often the fault applies if it is added alone.
	 */
	int timesOrOnce() {
		return (this.times != null) ? this.times : ONCE;
	}

	/**
	 * Return how often the fault applies as one of several.
	 */
	int timesOrAlways() {
		return (this.times != null) ? this.times : Integer.MAX_VALUE;
	}

	private AkiEmulatorFault with(FaultEffect other) {
		return new AkiEmulatorFault(other, this.phases, this.endpoint, this.skipped, this.times);
	}

	private static int checkedStatus(int status) {
		require(status >= 200 && status <= 599, "No status of an answer: " + status);
		return status;
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * The phase of a job to which an exchange belongs.
	 *
	 * @since 1.0.0
	 */
	public enum Phase {

		/**
		 * A call that does not wait for its job.
		 */
		START,

		/**
		 * A call that waits for its job.
		 */
		CALL,

		/**
		 * A poll that does not return the result, because the job has not ended.
		 */
		POLL,

		/**
		 * The poll that returns the result.
		 */
		RESULT,

		/**
		 * A poll that cancels the job.
		 */
		CANCEL,

		/**
		 * The validation of a key, the list of endpoints, and the details of an endpoint.
		 */
		GET

	}

}
