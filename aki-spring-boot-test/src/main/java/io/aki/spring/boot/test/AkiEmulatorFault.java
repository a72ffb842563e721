package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * A simulated failure of an exchange with the {@link AkiEmulator}. An exchange is a
 * request and its response. <pre>{@code
 * emulator.faults().add(AkiEmulatorFault.reset().beforeReading().onPhase(Phase.POLL).times(2));
 * emulator.faults().add(AkiEmulatorFault.status(503).retryAfter(Duration.ofSeconds(1)).onEndpoint("llama3_8b_chat"));
 * emulator.faults().add(AkiEmulatorFault.truncatedBody().onPhase(Phase.RESULT));
 * }</pre>
 * <p>
 * A fault is immutable. Each method returns a new fault. By default a fault applies to
 * the next exchange in any phase that it supports, at any endpoint.
 * <p>
 * The description of each fault says whether the server processes the request before the
 * fault occurs. To process a request means to start the job, to return the result, or to
 * cancel the job. A client cannot know whether the server has done this if it receives no
 * usable response. In a test, {@link AkiEmulator#jobs()} shows it.
 * <p>
 * A refused connection is not a fault of one exchange. Use
 * {@link AkiEmulator#refuseConnections(boolean)} for it.
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
	 * Create a fault that resets the connection (TCP RST) instead of sending a response.
	 * The server has processed the request, unless {@link #beforeReading()} is called.
	 * @return the fault
	 */
	public static AkiEmulatorFault reset() {
		return new AkiEmulatorFault(FaultEffect.reset());
	}

	/**
	 * Create a fault that sends no response until {@link AkiEmulatorFaults#release()} is
	 * called. The connection stays open. The server has processed the request, unless
	 * {@link #beforeReading()} is called. In that case the server processes the request
	 * after the release. If the emulator is closed or reset, the connection is closed
	 * without a response.
	 * @return the fault
	 */
	public static AkiEmulatorFault stalled() {
		return new AkiEmulatorFault(FaultEffect.stalled());
	}

	/**
	 * Create a fault that sends an HTTP status with a JSON body in the form of the API.
	 * The response has no {@code Retry-After} header, unless
	 * {@link #retryAfter(Duration)} is called. The server has not processed the request,
	 * unless {@link #afterReading()} is called.
	 * @param status the HTTP status, from 200 to 599
	 * @return the fault
	 * @throws IllegalArgumentException if the status is out of range
	 */
	public static AkiEmulatorFault status(int status) {
		return new AkiEmulatorFault(FaultEffect.status(checkedStatus(status)));
	}

	/**
	 * Create a fault that sends an HTML page, as a gateway does. The server has not
	 * processed the request, unless {@link #afterReading()} is called.
	 * @param status the HTTP status, from 200 to 599
	 * @return the fault
	 * @throws IllegalArgumentException if the status is out of range
	 */
	public static AkiEmulatorFault html(int status) {
		return new AkiEmulatorFault(FaultEffect.html(checkedStatus(status)));
	}

	/**
	 * Create a fault that sends a response without a body and without a content type. The
	 * server has not processed the request, unless {@link #afterReading()} is called.
	 * @param status the HTTP status, from 200 to 599
	 * @return the fault
	 * @throws IllegalArgumentException if the status is out of range
	 */
	public static AkiEmulatorFault empty(int status) {
		return new AkiEmulatorFault(FaultEffect.empty(checkedStatus(status)));
	}

	/**
	 * Create a fault that sends a redirect (302) without a body. The server has not
	 * processed the request, unless {@link #afterReading()} is called.
	 * @param location the value of the {@code Location} header, which is sent unchanged
	 * @return the fault
	 */
	public static AkiEmulatorFault redirect(String location) {
		return new AkiEmulatorFault(FaultEffect.redirect(Objects.requireNonNull(location, "location")));
	}

	/**
	 * Create a fault that closes the connection after half of the body. The
	 * {@code Content-Length} header declares the length of the whole body. The server has
	 * processed the request.
	 * @return the fault
	 */
	public static AkiEmulatorFault truncatedBody() {
		return new AkiEmulatorFault(FaultEffect.truncated());
	}

	/**
	 * Create a fault that sends a complete response with invalid JSON. The status is 200,
	 * and the length and the content type are correct. The body is the first half of the
	 * correct JSON. The server has processed the request.
	 * @return the fault
	 */
	public static AkiEmulatorFault invalidJson() {
		return new AkiEmulatorFault(FaultEffect.invalidJson());
	}

	/**
	 * Create a fault that sends the correct response byte by byte. The server has
	 * processed the request.
	 * @param perByte the delay between two bytes, measured with the emulator's clock; not
	 * negative. With zero, each byte is sent separately without a delay
	 * @return the fault
	 * @throws IllegalArgumentException if the delay is negative
	 */
	public static AkiEmulatorFault tricklingBody(Duration perByte) {
		require(!perByte.isNegative(), "Must not be negative: " + perByte);
		return new AkiEmulatorFault(FaultEffect.trickling(perByte));
	}

	/**
	 * Create a fault that sends the correct JSON with the content type
	 * {@code text/plain}. The server has processed the request.
	 * @return the fault
	 */
	public static AkiEmulatorFault wrongContentType() {
		return new AkiEmulatorFault(FaultEffect.wrongContentType());
	}

	/**
	 * Create a fault that pads the correct response to a given size. The
	 * {@code Content-Length} header declares this size. The server has processed the
	 * request. The emulator does not keep the padding in memory.
	 * @param bytes the size of the body in bytes, greater than 0. There is no padding if
	 * the size is too small for the response
	 * @return the fault
	 * @throws IllegalArgumentException if the size is not greater than 0
	 */
	public static AkiEmulatorFault oversized(long bytes) {
		require(bytes > 0, "Must be greater than 0: " + bytes);
		return new AkiEmulatorFault(FaultEffect.oversized(bytes, false));
	}

	/**
	 * Create a fault that pads the correct response to a given size and does not declare
	 * this size. The body is sent in chunks. Apart from that, the fault is like
	 * {@link #oversized(long)}.
	 * @param bytes the size of the body in bytes, greater than 0
	 * @return the fault
	 * @throws IllegalArgumentException if the size is not greater than 0
	 */
	public static AkiEmulatorFault oversizedInChunks(long bytes) {
		require(bytes > 0, "Must be greater than 0: " + bytes);
		return new AkiEmulatorFault(FaultEffect.oversized(bytes, true));
	}

	/**
	 * Create a fault that lets the job lapse when it is polled. It applies to polls and
	 * cancel requests of a job that has not ended ({@link Phase#POLL},
	 * {@link Phase#CANCEL}).
	 * @return the fault
	 */
	public static AkiEmulatorFault lapse() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("lapse", JobFault.LAPSE, Phase.POLL, Phase.CANCEL));
	}

	/**
	 * Create a fault that loses the result of a job. The result counts as returned, but
	 * the response contains only the state {@code done} without the result. It applies to
	 * {@link Phase#RESULT}.
	 * @return the fault
	 */
	public static AkiEmulatorFault loseResult() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("lose the result", JobFault.LOSE_RESULT, Phase.RESULT));
	}

	/**
	 * Create a fault that ignores a cancel request and answers it like a poll. It applies
	 * to cancel requests of a job that has not ended ({@link Phase#CANCEL}).
	 * @return the fault
	 * @see AkiEmulator.Builder#ignoreCancel(boolean)
	 */
	public static AkiEmulatorFault ignoreCancel() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("ignore the cancel", JobFault.IGNORE_CANCEL, Phase.CANCEL));
	}

	/**
	 * Create a fault that ends the job with an error of the worker. The response has the
	 * status 200 and contains {@code success: true} and the error. A job that the request
	 * starts runs for a short time before it ends. A job that the request polls ends with
	 * this response. It applies to {@link Phase#START}, {@link Phase#CALL},
	 * {@link Phase#POLL} and {@link Phase#RESULT}.
	 * @param error the error message, not blank
	 * @return the fault
	 * @throws IllegalArgumentException if the error message is blank
	 */
	public static AkiEmulatorFault workerError(String error) {
		require(!error.isBlank(), "The error must say something");
		return new AkiEmulatorFault(FaultEffect.ofJobFault("worker error", JobFault.workerError(error), Phase.START,
				Phase.CALL, Phase.POLL, Phase.RESULT));
	}

	/**
	 * Create a fault that removes the worker of the job. The job makes no progress and
	 * does not end. The responses to its polls report that no worker is online. The job
	 * uses its slot until it is canceled or lapses. It applies to {@link Phase#START},
	 * {@link Phase#CALL} and {@link Phase#POLL}.
	 * @return the fault
	 */
	public static AkiEmulatorFault workerGone() {
		return new AkiEmulatorFault(
				FaultEffect.ofJobFault("worker gone", JobFault.WORKER_GONE, Phase.START, Phase.CALL, Phase.POLL));
	}

	/**
	 * Create a fault that changes the server's clock before the server processes the
	 * request. If the clock goes forward, the jobs that become due end. If the clock goes
	 * back, the jobs keep their progress.
	 * @param duration the difference, which may be negative
	 * @return the fault
	 * @see AkiEmulatorClock#jump(Duration)
	 */
	public static AkiEmulatorFault clockJump(Duration duration) {
		return new AkiEmulatorFault(
				FaultEffect.ofJobFault("clock jump of " + duration, JobFault.clockJump(duration), Phase.values()));
	}

	/**
	 * Apply a {@link #reset()} or {@link #stalled()} before the server processes the
	 * request. The request is not recorded in {@link AkiEmulator#requests()}, or only
	 * after a stalled exchange is released. The emulator reads the body of the request
	 * only if it needs the body to detect the phase, for example if the fault is limited
	 * to {@link Phase#POLL}.
	 * @return the fault
	 * @throws IllegalStateException if this fault does not support it
	 */
	public AkiEmulatorFault beforeReading() {
		return with(this.effect.withTiming(FaultTiming.UNREAD));
	}

	/**
	 * Apply the fault after the server has processed the request, instead of the correct
	 * response. If a call waits for its job, the fault is applied when the job has ended.
	 * @return the fault
	 * @throws IllegalStateException if this fault does not support it
	 */
	public AkiEmulatorFault afterReading() {
		return with(this.effect.withTiming(FaultTiming.ACTED));
	}

	/**
	 * Add a {@code Retry-After} header to a {@link #status(int)}, {@link #html(int)},
	 * {@link #empty(int)} or {@link #redirect(String)}.
	 * @param delay the delay, not negative; it is sent in seconds and rounded up
	 * @return the fault
	 * @throws IllegalArgumentException if the delay is negative
	 * @throws IllegalStateException if this fault is none of these
	 */
	public AkiEmulatorFault retryAfter(Duration delay) {
		require(!delay.isNegative(), "Must not be negative: " + delay);
		return retryAfter(String.valueOf(delay.plusNanos(999_999_999).toSeconds()));
	}

	/**
	 * Add a {@code Retry-After} header with any value, such as an HTTP date or an invalid
	 * value. It supports the same faults as {@link #retryAfter(Duration)}.
	 * @param value the value of the header
	 * @return the fault
	 * @throws IllegalStateException if this fault does not support it
	 */
	public AkiEmulatorFault retryAfter(String value) {
		return with(this.effect.with(HttpHeader.RETRY_AFTER, Objects.requireNonNull(value, "value")));
	}

	/**
	 * Limit the fault to one or several phases.
	 * @param phase a phase
	 * @param more other phases
	 * @return the fault
	 * @throws IllegalArgumentException if this fault does not support one of the phases
	 */
	public AkiEmulatorFault onPhase(Phase phase, Phase... more) {
		Set<Phase> chosen = EnumSet.of(phase, more);
		require(this.effect.phases().containsAll(chosen),
				this.effect.name() + " can strike in " + this.effect.phases() + " only, not in " + chosen);
		return new AkiEmulatorFault(this.effect, chosen, this.endpoint, this.skipped, this.times);
	}

	/**
	 * Limit the fault to an endpoint: to its calls, its polls, and the requests for its
	 * details.
	 * @param endpoint the endpoint's name
	 * @return the fault
	 */
	public AkiEmulatorFault onEndpoint(String endpoint) {
		return new AkiEmulatorFault(this.effect, this.phases, Objects.requireNonNull(endpoint, "endpoint"),
				this.skipped, this.times);
	}

	/**
	 * Skip the first exchanges to which the fault would apply. An exchange is also
	 * counted if another fault is applied to it.
	 * @param exchanges the number of exchanges to skip, 0 or more
	 * @return the fault
	 * @throws IllegalArgumentException if the number is negative
	 */
	public AkiEmulatorFault after(int exchanges) {
		require(exchanges >= 0, "Must not be negative: " + exchanges);
		return new AkiEmulatorFault(this.effect, this.phases, this.endpoint, exchanges, this.times);
	}

	/**
	 * Set how often the fault applies. The default is once. For
	 * {@linkplain AkiEmulatorFaults#atRandom random faults} the default is always.
	 * @param times the number of exchanges, 1 or more
	 * @return the fault
	 * @throws IllegalArgumentException if the number is less than 1
	 */
	public AkiEmulatorFault times(int times) {
		require(times > 0, "Must be greater than 0: " + times);
		return new AkiEmulatorFault(this.effect, this.phases, this.endpoint, this.skipped, times);
	}

	/**
	 * Apply the fault every time until the faults are cleared.
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
	 * Return how often the fault applies if it is added with
	 * {@link AkiEmulatorFaults#add}.
	 */
	int timesOrOnce() {
		return (this.times != null) ? this.times : ONCE;
	}

	/**
	 * Return how often the fault applies if it is added with
	 * {@link AkiEmulatorFaults#atRandom}.
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
		 * A poll that does not return the result, for example because the job has not
		 * ended.
		 */
		POLL,

		/**
		 * The poll that returns the result.
		 */
		RESULT,

		/**
		 * A poll that requests to cancel the job.
		 */
		CANCEL,

		/**
		 * A request to validate a key, to list the endpoints, or to get the details of an
		 * endpoint.
		 */
		GET

	}

}
