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
 * Actuator endpoint that lists the endpoints of AKI.IO which the application's key may
 * use. The server is asked once in 30 s at most. Thread-safe.
 *
 * @since 1.0.0
 */
@Endpoint(id = "aki")
public class AkiActuatorEndpoint {

	private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

	private final AkiClient client;

	private final CachedResponse<AkiDescriptor> answer;

	/**
	 * Create the endpoint.
	 * @param client the client whose key counts
	 * @param timeout how long the server may take to answer
	 */
	public AkiActuatorEndpoint(AkiClient client, Duration timeout) {
		this.client = client;
		this.answer = new CachedResponse<>(() -> ask(timeout), TIME_TO_LIVE, timeout.plusSeconds(1), System::nanoTime);
	}

	/**
	 * Return what the application may use.
	 * @return the endpoints, or why they are not known; without secrets
	 */
	@ReadOperation
	public AkiDescriptor endpoints() {
		AkiDescriptor answer = this.answer.get();
		return (answer != null) ? answer : descriptor(List.of(), "The server is still being asked");
	}

	private AkiDescriptor ask(Duration timeout) {
		try {
			AkiEndpointList list = this.client.mutate()
				.raiseExceptions(false)
				.progressTimeout(timeout)
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
	 * What the application may use.
	 *
	 * @param client the client's name and version
	 * @param server the server's base URL
	 * @param endpoint the endpoint that the client calls, if one is chosen
	 * @param endpoints the names of the endpoints that the key may use, empty if not
	 * known
	 * @param error why they are not known
	 * @since 1.0.0
	 */
	public record AkiDescriptor(String client, String server, @Nullable String endpoint, List<String> endpoints,
			@Nullable String error) implements OperationResponseBody {

	}

}
