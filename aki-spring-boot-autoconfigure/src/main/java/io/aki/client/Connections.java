package io.aki.client;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.web.client.RestClient;

/**
 * What a client shares with the clients that were made from it with
 * {@link AkiClient#mutate()}: the HTTP connections, the threads, and the jobs that are
 * being followed.
 */
final class Connections {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final ApiTransport transport;

	private final BackgroundDriver background = new BackgroundDriver();

	private final @Nullable DisposableBean engine;

	private final Set<FollowedJob> jobs = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	/**
	 * Create connections.
	 * @param restClientBuilder makes the HTTP client
	 * @param engine the HTTP engine to close with them, if it is their own
	 */
	Connections(RestClient.Builder restClientBuilder, @Nullable DisposableBean engine) {
		this.transport = new ApiTransport(restClientBuilder.build());
		this.engine = engine;
	}

	ApiTransport transport() {
		return this.transport;
	}

	BackgroundDriver background() {
		return this.background;
	}

	boolean isClosed() {
		return this.closed;
	}

	void add(FollowedJob job) {
		this.jobs.add(job);
		job.ended().whenComplete((result, failure) -> this.jobs.remove(job));
	}

	Collection<FollowedJob> jobs() {
		return this.jobs;
	}

	/**
	 * Take no more jobs.
	 */
	void refuse() {
		this.closed = true;
	}

	/**
	 * End the threads, the jobs that are still there, and the HTTP engine.
	 */
	void close() {
		refuse();
		this.background.close();
		this.jobs.forEach(FollowedJob::abandon);
		if (this.engine != null) {
			try {
				this.engine.destroy();
			}
			catch (Exception ex) {
				logger.debug("Closing the HTTP engine failed", ex);
			}
		}
	}

	/**
	 * Wait until jobs have ended, for a bounded time, and leave those that have not.
	 */
	static void awaitEnd(Collection<FollowedJob> jobs, long nanos) {
		try {
			CompletableFuture.allOf(jobs.stream().map(FollowedJob::ended).toArray(CompletableFuture<?>[]::new))
				.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Some jobs did not end while the client was closing", ex);
		}
		jobs.forEach(FollowedJob::abandon);
	}

}
