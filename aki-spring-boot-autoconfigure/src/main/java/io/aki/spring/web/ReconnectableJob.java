package io.aki.spring.web;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.aki.client.AkiConnectionException;
import io.aki.client.AkiException;
import io.aki.client.AkiJob;
import io.aki.client.AkiResult;
import io.aki.client.AkiTimeoutException;
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

	/** Changes with each client that connects or disconnects. */
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
	void register(String jobId) {
		synchronized (this) {
			if (this.jobId != null || this.clients == 0) {
				return;
			}
			this.jobId = jobId;
		}
		this.jobs.add(jobId, this);
	}

	/**
	 * Add a client.
	 * @return {@code false} if the job may still run but is not followed any more, so
	 * that it must be resumed
	 */
	synchronized boolean join() {
		if ((this.closed || this.job.result().isDone()) && !hasEnded(this.job.result())) {
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
			detach();
		}
		int left = this.generation;
		this.jobs.afterReconnectTimeout(() -> close(left));
	}

	/**
	 * Stop following the job, so that another instance can follow it.
	 */
	synchronized void detach() {
		this.closed = true;
		this.job.detach();
	}

	private void close(int left) {
		synchronized (this) {
			if (this.generation != left || this.jobId == null) {
				return;
			}
			this.closed = true;
			if (!this.jobs.isSecretShared() && !this.job.result().isDone()) {
				this.job.cancel();
			}
		}
		this.jobs.remove(this.jobId, this);
	}

	/**
	 * Return whether the job has ended on the server, so that its result is here.
	 */
	private static boolean hasEnded(CompletableFuture<AkiResult> result) {
		if (!result.isDone()) {
			return false;
		}
		try {
			return result.join().jobState().isFinal();
		}
		catch (CompletionException ex) {
			return ex.getCause() instanceof AkiException failure && !(failure instanceof AkiConnectionException)
					&& !(failure instanceof AkiTimeoutException);
		}
	}

}
