package io.aki.spring.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiClient;

/**
 * The jobs of this process to which clients may reconnect. Thread-safe.
 */
final class ReconnectableJobs {

	private final Map<String, ReconnectableJob> jobs = new ConcurrentHashMap<>();

	private final ScheduledExecutorService timer;

	private final Duration reconnectTimeout;

	private final boolean secretShared;

	ReconnectableJobs(ScheduledExecutorService timer, AkiWebSettings settings) {
		this.timer = timer;
		this.reconnectTimeout = settings.reconnectTimeout();
		this.secretShared = settings.isSecretShared();
	}

	/**
	 * Start a job for a client.
	 */
	ReconnectableJob start(AkiEventStream.NewJob source) {
		return new ReconnectableJob(source.client().doApiRequestAsync(source.params()).keepRunning(), this);
	}

	/**
	 * Join the job that a client has followed before, or resume it.
	 */
	ReconnectableJob join(AkiClient client, String jobId) {
		// atomic, so that two clients do not resume the same job
		ReconnectableJob job = this.jobs.compute(jobId, (id, known) -> (known != null && known.join()) ? known
				: new ReconnectableJob(client.resume(id).keepRunning(), this));
		job.register(jobId);
		return job;
	}

	void add(String jobId, ReconnectableJob job) {
		this.jobs.put(jobId, job);
	}

	void remove(String jobId, ReconnectableJob job) {
		this.jobs.remove(jobId, job);
	}

	boolean isSecretShared() {
		return this.secretShared;
	}

	void afterReconnectTimeout(Runnable action) {
		try {
			this.timer.schedule(action, this.reconnectTimeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// the application stops
		}
	}

	/**
	 * Leave the jobs to other instances, if there can be others.
	 */
	void stop() {
		if (this.secretShared) {
			this.jobs.values().forEach(ReconnectableJob::detach);
		}
	}

}
