package io.aki.spring.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
		ReconnectableJob known = this.jobs.get(jobId);
		if (known != null && known.join()) {
			return known;
		}
		ReconnectableJob resumed = new ReconnectableJob(client.resume(jobId).keepRunning(), this);
		resumed.register(jobId);
		return resumed;
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
		this.timer.schedule(action, this.reconnectTimeout.toMillis(), TimeUnit.MILLISECONDS);
	}

}
