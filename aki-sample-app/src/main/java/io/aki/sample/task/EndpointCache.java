package io.aki.sample.task;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import reactor.core.scheduler.Schedulers;

import org.springframework.stereotype.Component;

/**
 * The details of endpoints, which are requested from AKI.IO at most once in 10 seconds.
 */
@Component
public class EndpointCache {

	private static final Duration LIFETIME = Duration.ofSeconds(10);

	/** The names come from users. */
	private static final int MAX_ENTRIES = 200;

	private static final long MAX_WAIT_MILLIS = 500;

	private final AkiClient aki;

	private final Map<String, Entry> entries = new ConcurrentHashMap<>();

	EndpointCache(AkiClient aki) {
		this.aki = aki;
	}

	private record Entry(CompletableFuture<AkiEndpointDetails> details, long createdAt) {

		boolean isFresh() {
			return System.nanoTime() - this.createdAt < LIFETIME.toNanos();
		}

	}

	/**
	 * Return the details of an endpoint.
	 * @param endpoint the name of the endpoint
	 * @return the details, or the failure
	 */
	public AkiEndpointDetails details(String endpoint) {
		return request(endpoint).join();
	}

	/**
	 * Return whether no worker is online for an endpoint. Waits only for a moment,
	 * because pages call this.
	 * @param endpoint the name of the endpoint
	 * @return {@code false} also if the number of workers is not known
	 */
	boolean isWithoutWorkers(String endpoint) {
		try {
			Integer workers = request(endpoint).get(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS).numActiveWorkers();
			return workers != null && workers == 0;
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private CompletableFuture<AkiEndpointDetails> request(String endpoint) {
		if (this.entries.size() > MAX_ENTRIES) {
			this.entries.clear();
		}
		return this.entries.compute(endpoint,
				(name, entry) -> (entry != null && entry.isFresh()) ? entry : new Entry(load(name), System.nanoTime()))
			.details();
	}

	private CompletableFuture<AkiEndpointDetails> load(String endpoint) {
		return CompletableFuture.supplyAsync(() -> this.aki.getEndpointDetails(endpoint),
				Schedulers.boundedElastic()::schedule);
	}

}
