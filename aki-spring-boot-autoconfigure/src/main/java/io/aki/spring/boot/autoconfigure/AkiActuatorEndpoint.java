package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointList;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * Actuator endpoint that lists the endpoints of AKI.IO that the application's key may
 * use. Each read sends a request to the server, unless
 * {@code management.endpoint.aki.cache.time-to-live} is set. Thread-safe.
 *
 * @since 1.0.0
 */
@Endpoint(id = "aki")
public class AkiActuatorEndpoint {

	private final AkiClient client;

	private final Duration timeout;

	/**
	 * Create the endpoint.
	 * @param client the client whose key is used
	 * @param timeout the time limit of the request to the server
	 */
	public AkiActuatorEndpoint(AkiClient client, Duration timeout) {
		this.client = client;
		this.timeout = timeout;
	}

	/**
	 * Return the client and the endpoints that it may use.
	 * @return the endpoints or an error message, without secrets
	 */
	@ReadOperation
	public AkiDescriptor endpoints() {
		try {
			AkiEndpointList list = this.client.mutate()
				.raiseExceptions(false)
				.progressTimeout(this.timeout)
				.retry(AkiHealthIndicator.ONCE)
				.build()
				.getEndpointList();
			return descriptor(list.endpoints(), list.error());
		}
		catch (RuntimeException ex) {
			return descriptor(List.of(), String.valueOf(ex.getMessage()));
		}
	}

	private AkiDescriptor descriptor(List<String> endpoints, @Nullable String error) {
		return new AkiDescriptor(AkiClient.getVersion(), this.client.apiServer(), this.client.endpoint(), endpoints,
				error);
	}

	/**
	 * The client and the endpoints that it may use.
	 *
	 * @param client the client's name and version
	 * @param server the server's base URL
	 * @param endpoint the endpoint of the client, if one is set
	 * @param endpoints the names of the endpoints that the key may use, empty if unknown
	 * @param error why they are unknown
	 * @since 1.0.0
	 */
	public record AkiDescriptor(String client, String server, @Nullable String endpoint, List<String> endpoints,
			@Nullable String error) implements OperationResponseBody {

	}

}
