package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A job of the {@link JobRegistry}. The lock of the registry guards its fields.
 */
final class Job {

	private final String id;

	private final Endpoint endpoint;

	private final Instant accepted;

	private final Duration duration;

	private final CompletableFuture<JobView> ending = new CompletableFuture<>();

	Work work;

	JobState state = JobState.QUEUED;

	@Nullable Instant started;

	@Nullable Instant ended;

	int handedOut;

	int polls;

	int cancelRequests;

	Job(String id, Endpoint endpoint, Work work, Duration duration, Instant accepted) {
		this.id = id;
		this.endpoint = endpoint;
		this.work = work;
		this.duration = duration;
		this.accepted = accepted;
	}

	String id() {
		return this.id;
	}

	Endpoint endpoint() {
		return this.endpoint;
	}

	Instant accepted() {
		return this.accepted;
	}

	Duration duration() {
		return this.duration;
	}

	/**
	 * Return the future for a call that waits for the job. It completes with the ended
	 * job. It is canceled if the emulator is closed or reset.
	 */
	CompletableFuture<JobView> ending() {
		return this.ending;
	}

	/**
	 * Return when a running job is done, {@code null} if it is not running or never ends.
	 */
	@Nullable Instant due() {
		return (this.started != null && !this.work.endless()) ? this.started.plus(this.duration) : null;
	}

	/**
	 * Return the progress of the job, from 0 to 1.
	 */
	double fraction(Instant now) {
		if (this.started == null) {
			return 0;
		}
		if (this.state == JobState.DONE) {
			return 1;
		}
		Duration elapsed = Duration.between(this.started, (this.ended != null) ? this.ended : now);
		return Math.min(1, elapsed.toNanos() / (double) this.duration.toNanos());
	}

	AkiEmulatorJob entry() {
		return new AkiEmulatorJob(this.id, this.endpoint.name(), this.state.word(), this.accepted, this.started,
				this.ended, this.handedOut, this.polls, this.cancelRequests);
	}

}
