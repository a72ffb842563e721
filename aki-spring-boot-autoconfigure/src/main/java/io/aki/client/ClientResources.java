package io.aki.client;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.web.client.RestClient;

/**
 * The resources that a client shares with the clients that {@link AkiClient#mutate()}
 * created from it: the HTTP connections, the threads, and the list of their jobs.
 */
final class ClientResources implements AkiActivity {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final ApiTransport transport;

	private final AkiConcurrency concurrency;

	private final JobPoller poller;

	private final @Nullable DisposableBean engine;

	private final Set<DefaultAkiJob> jobs = ConcurrentHashMap.newKeySet();

	private final AtomicInteger count = new AtomicInteger();

	private volatile boolean closed;

	/**
	 * Create resources.
	 * @param restClientBuilder builds the HTTP client
	 * @param engine the HTTP engine, if it is to be closed with the resources
	 */
	ClientResources(RestClient.Builder restClientBuilder, @Nullable DisposableBean engine, AkiConcurrency concurrency) {
		this.transport = new ApiTransport(restClientBuilder.build());
		this.engine = engine;
		this.concurrency = concurrency;
		this.poller = new JobPoller(concurrency);
	}

	ApiTransport transport() {
		return this.transport;
	}

	AkiConcurrency concurrency() {
		return this.concurrency;
	}

	JobPoller poller() {
		return this.poller;
	}

	/**
	 * Return whether the client created the HTTP engine.
	 */
	boolean isOwnEngine() {
		return this.engine != null;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Take a place for a new job.
	 * @param limited whether the maximum number of jobs applies. It does not apply to a
	 * job that is only canceled.
	 * @throws AkiTaskRejectedException if the maximum is reached
	 */
	void takePlace(boolean limited) {
		int limit = limited ? this.concurrency.maxJobs() : Integer.MAX_VALUE;
		if (this.count.getAndUpdate((count) -> (count < limit) ? count + 1 : count) >= limit) {
			throw new AkiTaskRejectedException("This client already follows " + this.concurrency.maxJobs()
					+ " jobs, which is its maximum. Wait until some have ended, or increase 'aki.io.concurrency.max-jobs'");
		}
	}

	/**
	 * Give a place back that no job has got.
	 */
	void freePlace() {
		this.count.decrementAndGet();
	}

	/**
	 * Add a job that has a place.
	 */
	void add(DefaultAkiJob job) {
		this.jobs.add(job);
	}

	void remove(DefaultAkiJob job) {
		this.jobs.remove(job);
		freePlace();
	}

	@Override
	public int jobsFollowed() {
		return this.jobs.size();
	}

	@Override
	public int pollsInFlight() {
		return this.transport.polls().inFlight();
	}

	@Override
	public long pollsAnswered() {
		return this.transport.polls().answered().count();
	}

	@Override
	public Duration timeOfPollsAnswered() {
		return this.transport.polls().answered().time();
	}

	@Override
	public long pollsFailed() {
		return this.transport.polls().failed().count();
	}

	@Override
	public Duration timeOfPollsFailed() {
		return this.transport.polls().failed().time();
	}

	Collection<DefaultAkiJob> jobs() {
		return this.jobs;
	}

	/**
	 * Reject further jobs.
	 */
	void refuse() {
		this.closed = true;
	}

	/**
	 * End the remaining jobs, the threads and the HTTP engine.
	 * @param interrupting whether to interrupt callbacks that do not end
	 */
	void close(boolean interrupting) {
		refuse();
		this.jobs.forEach(DefaultAkiJob::detach);
		this.poller.close(interrupting);
		this.jobs.forEach(DefaultAkiJob::detach);
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
	 * Wait until jobs have ended, for a limited time, also if the thread is interrupted.
	 * Detach the jobs that have not ended.
	 */
	static void awaitEnd(Collection<DefaultAkiJob> jobs, Duration atMost) {
		CompletableFuture<?> all = CompletableFuture
			.allOf(jobs.stream().map(DefaultAkiJob::ended).toArray(CompletableFuture<?>[]::new));
		long deadline = System.nanoTime() + atMost.toNanos();
		boolean interrupted = false;
		while (!all.isDone() && System.nanoTime() < deadline) {
			try {
				all.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
			catch (ExecutionException | TimeoutException ex) {
				logger.debug("Some jobs did not end while the client was closing", ex);
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		jobs.forEach(DefaultAkiJob::detach);
	}

}
