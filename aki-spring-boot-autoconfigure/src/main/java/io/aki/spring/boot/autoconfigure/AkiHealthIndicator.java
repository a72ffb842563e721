package io.aki.spring.boot.autoconfigure;

import java.time.Duration;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiException;
import io.aki.client.AkiPermissionException;
import io.aki.client.AkiRateLimitException;
import io.aki.client.AkiRetryPolicy;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Checks whether AKI.IO would accept a request now, with requests that cost nothing:
 * whether the key is valid, and the load of the default endpoint.
 */
class AkiHealthIndicator implements HealthIndicator {

	private static final int EXCHANGES = 2;

	/** For requests of the actuator, whose caller waits. */
	static final AkiRetryPolicy ONCE = new AkiRetryPolicy(1, AkiRetryPolicy.DEFAULT.delay(),
			AkiRetryPolicy.DEFAULT.multiplier(), AkiRetryPolicy.DEFAULT.maxDelay());

	private final AkiClient client;

	private final Duration timeout;

	private final CachedResponse<Health> health;

	/**
	 * Create an indicator.
	 * @param timeToLive how long a result is cached
	 * @param timeout the time limit of one exchange
	 */
	AkiHealthIndicator(AkiClient client, Duration timeToLive, Duration timeout) {
		this.client = client;
		this.timeout = timeout;
		this.health = new CachedResponse<>(this::check, timeToLive, timeout.multipliedBy(EXCHANGES), System::nanoTime);
	}

	@Override
	public Health health() {
		Health health = this.health.get();
		return (health != null) ? health
				: Health.unknown().withDetail("error", "The server has not answered yet").build();
	}

	private Health check() {
		Health.Builder health = Health.up().withDetail("server", this.client.apiServer());
		try {
			AkiClient client = this.client.mutate()
				.raiseExceptions(true)
				.progressTimeout(this.timeout)
				.retry(ONCE)
				.build();
			checkKey(client, health);
			String endpoint = this.client.endpoint();
			if (endpoint != null) {
				checkEndpoint(client, endpoint, health);
			}
		}
		catch (AkiRateLimitException ex) {
			health.unknown().withDetail("reachable", true).withDetail("error", String.valueOf(ex.getMessage()));
		}
		catch (AkiException ex) {
			health.down()
				.withDetail("reachable", ex.errorCode() != null && ex.errorCode() < 500)
				.withDetail("error", String.valueOf(ex.getMessage()));
		}
		catch (IllegalStateException ex) {
			// there is no key, which says nothing about the server
			health.unknown().withDetail("error", String.valueOf(ex.getMessage()));
		}
		catch (RuntimeException ex) {
			health.down().withDetail("error", String.valueOf(ex.getMessage()));
		}
		return health.build();
	}

	private static void checkKey(AkiClient client, Health.Builder health) {
		try {
			client.initApiKey();
			health.withDetail("reachable", true).withDetail("keyValid", true);
		}
		catch (AkiPermissionException ex) {
			health.withDetail("keyValid", false);
			throw ex;
		}
	}

	private static void checkEndpoint(AkiClient client, String endpoint, Health.Builder health) {
		health.withDetail("endpoint", endpoint);
		AkiEndpointDetails details = client.getEndpointDetails(endpoint);
		Integer workers = details.numActiveWorkers();
		Integer slots = details.freeQueueSlots();
		if (workers != null) {
			health.withDetail("workersOnline", workers);
		}
		if (slots != null) {
			health.withDetail("freeQueueSlots", slots);
		}
		if ((workers != null && workers <= 0) || (slots != null && slots <= 0)) {
			health.outOfService();
		}
	}

}
