package io.aki.spring.boot.tasks;

import java.util.concurrent.TimeUnit;

import io.aki.client.AkiResult;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs why a job could not be started. While the server is not available, all pending
 * tasks fail to start for the same reason, so that it logs at most once a minute.
 * Thread-safe.
 */
final class PostponementLog {

	private static final Log logger = LogFactory.getLog(PostponementLog.class);

	private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private long next = System.nanoTime();

	void log(RunningTask task, AkiResult failure) {
		if (isDue(System.nanoTime())) {
			logger.warn("Cannot start " + task + " yet, trying again: " + failure.error());
		}
	}

	private synchronized boolean isDue(long now) {
		if (now - this.next < 0) {
			return false;
		}
		this.next = now + INTERVAL;
		return true;
	}

}
