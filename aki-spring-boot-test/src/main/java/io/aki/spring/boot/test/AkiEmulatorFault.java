package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong in an exchange with the {@link AkiEmulator}, and in which
 * exchanges it does. <pre>{@code
 * emulator.faults().add(AkiEmulatorFault.reset().beforeReading().onPhase(Phase.POLL).times(2));
 * emulator.faults().add(AkiEmulatorFault.status(503).retryAfter(Duration.ofSeconds(1)).onEndpoint("llama3_8b_chat"));
 * emulator.faults().add(AkiEmulatorFault.truncatedBody().onPhase(Phase.RESULT));
 * }</pre>
 * <p>
 * A fault is immutable: each method returns another one. Unless it is told otherwise, it
 * strikes in whatever phase it can, at every endpoint, and once.
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
	 * The connection is reset (TCP RST) in place of an answer. Unless
	 * {@link #beforeReading()} is called, the server has acted.
	 * @return the fault
	 */
	public static AkiEmulatorFault reset() {
		return new AkiEmulatorFault(FaultEffect.reset());
	}

	/**
	 * No answer comes until {@link AkiEmulatorFaults#release()}, and the connection stays
	 * open. The server has acted, unless {@link #beforeReading()} is called: then it acts
	 * when it is released. An emulator that is closed or reset cuts the connection
	 * without an answer.
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
	 * A page in HTML, as a gateway in front of the API shows it. The server has not
	 * acted, unless {@link #afterReading()} is called.
	 * @param status the HTTP status, from 200 to 599
	 * @return the fault
	 */
	public static AkiEmulatorFault html(int status) {
		return new AkiEmulatorFault(FaultEffect.html(checkedStatus(status)));
	}

	/**
	 * An answer without a body and without a content type. The server has not acted,
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
	 * @param location where to, sent as it stands
	 * @return the fault
	 */
	public static AkiEmulatorFault redirect(String location) {
		return new AkiEmulatorFault(FaultEffect.redirect(Objects.requireNonNull(location, "location")));
	}

	/**
	 * The connection is closed after half of the body that {@code Content-Length}
	 * announced. The server has acted.
	 * @return the fault
	 */
	public static AkiEmulatorFault truncatedBody() {
		return new AkiEmulatorFault(FaultEffect.truncated());
	}

	/**
	 * A complete answer (200, with the right length and type) whose body is half of the
	 * right JSON. The server has acted.
	 * @return the fault
	 */
	public static AkiEmulatorFault invalidJson() {
		return new AkiEmulatorFault(FaultEffect.invalidJson());
	}

	/**
	 * The right answer, byte by byte. The server has acted.
	 * @param perByte how long after a byte the next one is sent, by the emulator's clock;
	 * zero sends each byte by itself, but at once
	 * @return the fault
	 */
	public static AkiEmulatorFault tricklingBody(Duration perByte) {
		require(!perByte.isNegative(), "Must not be negative: " + perByte);
		return new AkiEmulatorFault(FaultEffect.trickling(perByte));
	}

	/**
	 * The right JSON, declared as {@code text/plain}. The server has acted.
	 * @return the fault
	 */
	public static AkiEmulatorFault wrongContentType() {
		return new AkiEmulatorFault(FaultEffect.wrongContentType());
	}

	/**
	 * The right answer, padded to a size that {@code Content-Length} announces. The
	 * server has acted. The emulator does not hold the padding in memory.
	 * @param bytes the body's size; where it is too small for the answer, the padding is
	 * empty
	 * @return the fault
	 */
	public static AkiEmulatorFault oversized(long bytes) {
		require(bytes > 0, "Must be greater than 0: " + bytes);
		return new AkiEmulatorFault(FaultEffect.oversized(bytes, false));
	}

	/**
	 * The right answer, padded to a size that is not announced: the body comes in chunks.
	 * Otherwise like {@link #oversized(long)}.
	 * @param bytes the body's size
	 * @return the fault
	 */
	public static AkiEmulatorFault oversizedInChunks(long bytes) {
		require(bytes > 0, "Must be greater than 0: " + bytes);
		return new AkiEmulatorFault(FaultEffect.oversized(bytes, true));
	}

	/**
	 * The job lapses at this poll, which says so. Strikes where a job under way is polled
	 * or canceled ({@link Phase#POLL}, {@link Phase#CANCEL}).
	 * @return the fault
	 */
	public static AkiEmulatorFault lapse() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("lapse", JobFault.LAPSE, Phase.POLL, Phase.CANCEL));
	}

	/**
	 * The result counts as handed out, but the answer is 'done' without it
	 * ({@link Phase#RESULT}).
	 * @return the fault
	 */
	public static AkiEmulatorFault loseResult() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("lose the result", JobFault.LOSE_RESULT, Phase.RESULT));
	}

	/**
	 * The wish to cancel is overheard: the answer is a poll's. Strikes where a job under
	 * way is canceled ({@link Phase#CANCEL}).
	 * @return the fault
	 * @see AkiEmulator.Builder#ignoreCancel(boolean)
	 */
	public static AkiEmulatorFault ignoreCancel() {
		return new AkiEmulatorFault(FaultEffect.ofJobFault("ignore the cancel", JobFault.IGNORE_CANCEL, Phase.CANCEL));
	}

	/**
	 * The job ends with an error of the worker's, which is an answer of 200 with
	 * {@code success: true} and the error. A job that is being started runs for a moment;
	 * one that is polled ends with this answer ({@link Phase#START}, {@link Phase#CALL},
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
	 * The job's worker vanishes: the job makes no progress any more and never ends, and
	 * its polls say that no worker is online. It keeps its slot until it is canceled or
	 * lapses ({@link Phase#START}, {@link Phase#CALL}, {@link Phase#POLL}).
	 * @return the fault
	 */
	public static AkiEmulatorFault workerGone() {
		return new AkiEmulatorFault(
				FaultEffect.ofJobFault("worker gone", JobFault.WORKER_GONE, Phase.START, Phase.CALL, Phase.POLL));
	}

	/**
	 * The server's clock jumps before the server acts as usual: forward, jobs that become
	 * due on the way are done; backward, they go on from where they were.
	 * @param duration how far, negative for backward
	 * @return the fault
	 * @see AkiEmulatorClock#jump(Duration)
	 */
	public static AkiEmulatorFault clockJump(Duration duration) {
		return new AkiEmulatorFault(
				FaultEffect.ofJobFault("clock jump of " + duration, JobFault.clockJump(duration), Phase.values()));
	}

	/**
	 * Has a {@link #reset()} or {@link #stalled()} strike before the server has acted,
	 * and leaves no trace in {@link AkiEmulator#requests()}. Of the request's body
	 * nothing is read either, unless it must be to tell the phase: a fault that is
	 * limited to {@link Phase#POLL}, say, needs to know that no cancel is being asked
	 * for.
	 * @return the fault
	 * @throws IllegalStateException if this fault cannot strike then
	 */
	public AkiEmulatorFault beforeReading() {
		return with(this.effect.reaching(FaultTiming.UNREAD));
	}

	/**
	 * Has the fault strike once the server has acted, in place of its answer. A call that
	 * waits for its job is struck when the job has ended.
	 * @return the fault
	 * @throws IllegalStateException if this fault cannot strike then
	 */
	public AkiEmulatorFault afterReading() {
		return with(this.effect.reaching(FaultTiming.ACTED));
	}

	/**
	 * Adds a {@code Retry-After} to a {@link #status(int)}, {@link #html(int)},
	 * {@link #empty(int)} or {@link #redirect(String)}.
	 * @param delay the delay, sent in seconds, rounded up; not negative
	 * @return the fault
	 * @throws IllegalStateException if this fault has no answer of its own
	 */
	public AkiEmulatorFault retryAfter(Duration delay) {
		require(!delay.isNegative(), "Must not be negative: " + delay);
		return retryAfter(String.valueOf(delay.plusNanos(999_999_999).toSeconds()));
	}

	/**
	 * Adds a {@code Retry-After} as it stands: an HTTP date, or nonsense.
	 * @param value the header's value
	 * @return the fault
	 * @throws IllegalStateException if this fault has no answer of its own
	 */
	public AkiEmulatorFault retryAfter(String value) {
		return with(this.effect.with(HttpHeader.RETRY_AFTER, Objects.requireNonNull(value, "value")));
	}

	/**
	 * Limits the fault to phases of a job.
	 * @param phase a phase
	 * @param more other phases
	 * @return the fault
	 * @throws IllegalArgumentException if this fault cannot strike in one of them
	 */
	public AkiEmulatorFault onPhase(Phase phase, Phase... more) {
		Set<Phase> chosen = EnumSet.of(phase, more);
		require(this.effect.phases().containsAll(chosen),
				this.effect.name() + " can strike in " + this.effect.phases() + " only, not in " + chosen);
		return new AkiEmulatorFault(this.effect, chosen, this.endpoint, this.skipped, this.times);
	}

	/**
	 * Limits the fault to an endpoint: its calls, its polls, and the question for its
	 * details.
	 * @param endpoint the endpoint's name
	 * @return the fault
	 */
	public AkiEmulatorFault onEndpoint(String endpoint) {
		return new AkiEmulatorFault(this.effect, this.phases, Objects.requireNonNull(endpoint, "endpoint"),
				this.skipped, this.times);
	}

	/**
	 * Spares the first exchanges that it could strike, whether or not another fault
	 * struck them.
	 * @param exchanges how many, 0 or more
	 * @return the fault
	 */
	public AkiEmulatorFault after(int exchanges) {
		require(exchanges >= 0, "Must not be negative: " + exchanges);
		return new AkiEmulatorFault(this.effect, this.phases, this.endpoint, exchanges, this.times);
	}

	/**
	 * How often the fault strikes. The default is once, and always for one that strikes
	 * {@linkplain AkiEmulatorFaults#atRandom at random}.
	 * @param times how often, 1 or more
	 * @return the fault
	 */
	public AkiEmulatorFault times(int times) {
		require(times > 0, "Must be greater than 0: " + times);
		return new AkiEmulatorFault(this.effect, this.phases, this.endpoint, this.skipped, times);
	}

	/**
	 * Has the fault strike every time, until the faults are cleared.
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
	 * What an exchange must be like to be struck.
	 */
	FaultTarget target() {
		return new FaultTarget(this.phases, this.endpoint, this.effect.jobFault().needsJobUnderWay());
	}

	int skipped() {
		return this.skipped;
	}

	/**
	 * How often it strikes when it is added by itself.
	 */
	int timesOrOnce() {
		return (this.times != null) ? this.times : ONCE;
	}

	/**
	 * How often it strikes as one of many.
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
	 * What an exchange is in the life of a job.
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
		 * A poll that finds no result to hand out: of a job under way above all.
		 */
		POLL,

		/**
		 * The poll that hands out the result.
		 */
		RESULT,

		/**
		 * A poll that asks for the job to be canceled, whatever comes of it.
		 */
		CANCEL,

		/**
		 * The check of a key, the list of endpoints, the details of one.
		 */
		GET

	}

}
