package io.aki.spring.ai;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiException;
import io.aki.client.AkiParameter;
import io.aki.client.AkiRetryPolicy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What endpoints declare about themselves. The description of an endpoint is read once.
 * If it cannot be read within {@link #TIMEOUT}, the next attempt is made after
 * {@link #PAUSE}. Thread-safe.
 */
final class EndpointCapabilities {

	/** A request to the endpoint waits for it. */
	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final Duration PAUSE = Duration.ofMinutes(1);

	private static final Log logger = LogFactory.getLog(EndpointCapabilities.class);

	private final Map<String, Description> descriptions = new ConcurrentHashMap<>();

	private final AkiClient client;

	EndpointCapabilities(AkiClient client) {
		this.client = client;
	}

	/**
	 * Return whether an endpoint accepts a parameter.
	 * @return {@code false} also if the description cannot be read
	 */
	boolean declares(String endpoint, String parameter) {
		return find(endpoint, parameter) != null;
	}

	/**
	 * Return whether a parameter of an endpoint accepts a value.
	 * @return {@code false} also if the description cannot be read
	 */
	boolean accepts(String endpoint, String parameter, String value) {
		AkiParameter declared = find(endpoint, parameter);
		return declared != null && declared.options().contains(value);
	}

	private @Nullable AkiParameter find(String endpoint, String parameter) {
		AkiEndpointDetails details = details(endpoint);
		return (details == null) ? null
				: details.parameters()
					.stream()
					.filter((candidate) -> candidate.name().equals(parameter))
					.findFirst()
					.orElse(null);
	}

	/**
	 * Return the description of an endpoint.
	 * @return the description, or {@code null} if it cannot be read
	 */
	@Nullable AkiEndpointDetails details(String endpoint) {
		return this.descriptions.computeIfAbsent(endpoint, (name) -> new Description()).get(endpoint);
	}

	/**
	 * Forget an endpoint whose parameters may have changed.
	 */
	void forget(String endpoint) {
		this.descriptions.remove(endpoint);
	}

	private final class Description {

		private final Lock lock = new ReentrantLock();

		private volatile @Nullable AkiEndpointDetails details;

		private @Nullable Long failedAt;

		/**
		 * Callers at the same time wait for one request.
		 */
		@Nullable AkiEndpointDetails get(String endpoint) {
			if (this.details != null) {
				return this.details;
			}
			this.lock.lock();
			try {
				if (this.details == null
						&& (this.failedAt == null || System.nanoTime() - this.failedAt > PAUSE.toNanos())) {
					read(endpoint);
				}
				return this.details;
			}
			finally {
				this.lock.unlock();
			}
		}

		private void read(String endpoint) {
			AkiRetryPolicy once = new AkiRetryPolicy(1, AkiRetryPolicy.DEFAULT.delay(),
					AkiRetryPolicy.DEFAULT.multiplier(), AkiRetryPolicy.DEFAULT.maxDelay());
			try (AkiClient reader = EndpointCapabilities.this.client.mutate()
				.progressTimeout(TIMEOUT)
				.retry(once)
				.build()) {
				this.details = reader.getEndpointDetails(endpoint).orThrow();
			}
			catch (AkiException ex) {
				this.failedAt = System.nanoTime();
				logger.debug("The description of the endpoint '" + endpoint + "' cannot be read", ex);
			}
		}

	}

}
