package io.aki.spring.web;

import java.util.concurrent.CompletableFuture;

import io.aki.client.AkiJob;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * A job whose clients may reconnect. It counts the clients that are connected.
 * Thread-safe.
 */
final class ReconnectableJob {

	private final AkiJob job;

	private final ReconnectableJobs jobs;

	private @Nullable String jobId;

	private int clients = 1;

	/** Changes with each client that comes or leaves. */
	private int generation;

	private boolean closed;

	ReconnectableJob(AkiJob job, ReconnectableJobs jobs) {
		this.job = job;
		this.jobs = jobs;
	}

	AkiJob job() {
		return this.job;
	}

	/**
	 * Allow clients to reconnect with the job's id.
	 */
	synchronized void register(String jobId) {
		if (this.jobId == null) {
			this.jobId = jobId;
			this.jobs.add(jobId, this);
		}
	}

	/**
	 * Add a client.
	 * @return {@code false} if the job is not followed any more, so that it must be
	 * resumed
	 */
	synchronized boolean join() {
		if (this.closed && !hasEnded()) {
			return false;
		}
		this.clients++;
		this.generation++;
		return true;
	}

	/**
	 * Remove a client. After the last one the job continues for the reconnect timeout.
	 * With a shared secret it is no longer followed: the client may reconnect to another
	 * instance, and the server returns the result only once.
	 */
	synchronized void leave() {
		this.generation++;
		if (--this.clients > 0) {
			return;
		}
		if (this.jobId == null) {
			// the client has no event id
			this.job.cancel();
			return;
		}
		if (this.jobs.isSecretShared()) {
			this.closed = true;
			this.job.detach();
		}
		int left = this.generation;
		this.jobs.afterReconnectTimeout(() -> close(left));
	}

	private synchronized void close(int left) {
		if (this.generation == left && this.jobId != null) {
			this.closed = true;
			this.jobs.remove(this.jobId, this);
			if (!this.jobs.isSecretShared() && !this.job.result().isDone()) {
				this.job.cancel();
			}
		}
	}

	/**
	 * Return whether the job has ended on the server, so that its result is here.
	 */
	private boolean hasEnded() {
		CompletableFuture<AkiResult> result = this.job.result();
		return result.isDone() && !result.isCompletedExceptionally() && result.join().jobState().isFinal();
	}

}
