package io.aki.sample.task;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

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

	private record Entry(CompletableFuture<AkiEndpointDetails> details, CompletableFuture<Boolean> withoutWorkers,
			long createdAt) {

		static Entry of(CompletableFuture<AkiEndpointDetails> details) {
			return new Entry(details,
					details.thenApply(Entry::isWithoutWorkers)
						.exceptionally((failure) -> false)
						.completeOnTimeout(false, MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS),
					System.nanoTime());
		}

		private static boolean isWithoutWorkers(AkiEndpointDetails details) {
			return details.numActiveWorkers() != null && details.numActiveWorkers() == 0;
		}

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
		return entry(endpoint).details().join();
	}

	/**
	 * Return whether no worker is online for an endpoint. All callers together wait for
	 * the details only for a moment, because pages call this for each task.
	 * @param endpoint the name of the endpoint
	 * @return {@code false} also if the number of workers is not known
	 */
	boolean isWithoutWorkers(String endpoint) {
		return entry(endpoint).withoutWorkers().join();
	}

	private Entry entry(String endpoint) {
		if (this.entries.size() > MAX_ENTRIES) {
			this.entries.clear();
		}
		return this.entries.compute(endpoint,
				(name, entry) -> (entry != null && entry.isFresh()) ? entry : Entry.of(load(name)));
	}

	private CompletableFuture<AkiEndpointDetails> load(String endpoint) {
		return CompletableFuture.supplyAsync(() -> this.aki.getEndpointDetails(endpoint),
				Schedulers.boundedElastic()::schedule);
	}

}
