package io.aki.client;

import java.security.Principal;
import java.util.Collections;
import java.util.Map;

import io.aki.client.json.RequestParameters;
import org.jspecify.annotations.Nullable;

/**
 * A request that starts a job, or that waits on the server for the result of its job. An
 * {@link AkiRequestGuard} allows or refuses it. Each request has its own object, which is
 * equal only to itself. Thread-safe.
 *
 * @since 1.0.0
 */
public final class AkiStartRequest {

	private final String endpoint;

	private final @Nullable Principal principal;

	private volatile Map<String, @Nullable Object> parameters;

	/**
	 * Create a request.
	 * @param parameters the parameters, encoded
	 */
	AkiStartRequest(String endpoint, Map<String, @Nullable Object> parameters, @Nullable Principal principal) {
		this.endpoint = endpoint;
		this.parameters = Collections.unmodifiableMap(RequestParameters.values(parameters));
		this.principal = principal;
	}

	/**
	 * Create a request, for the test of a guard.
	 * @param endpoint the endpoint's name
	 * @param parameters the parameters, which are converted as those of
	 * {@link AkiClient#doApiRequest(Map)}
	 * @param principal the user, or {@code null}
	 * @return a request
	 */
	public static AkiStartRequest of(String endpoint, Map<String, ?> parameters, @Nullable Principal principal) {
		return new AkiStartRequest(EndpointName.check(endpoint), RequestParameters.encode(parameters), principal);
	}

	/**
	 * Return the endpoint.
	 * @return the endpoint's name
	 */
	public String endpoint() {
		return this.endpoint;
	}

	/**
	 * Return the parameters as they are sent: numbers, booleans and texts. Objects and
	 * lists are texts that contain their JSON, binary data are data URIs. The API key is
	 * not contained. The map is available in
	 * {@link AkiRequestGuard#beforeStart(AkiStartRequest)} only, because it may contain
	 * images and a job may run for an hour.
	 * @return an unmodifiable map; empty after the guards were asked
	 */
	public Map<String, @Nullable Object> parameters() {
		return this.parameters;
	}

	/**
	 * Return the user for whom the request is made, see
	 * {@link AkiClient.Builder#principal(java.util.function.Supplier)}. For a durable
	 * task, it has the name of the task's owner.
	 * @return the user, or {@code null} if there is none or it is not known
	 */
	public @Nullable Principal principal() {
		return this.principal;
	}

	void removeParameters() {
		this.parameters = Map.of();
	}

	/**
	 * Return the endpoint and the names of the parameters, without their values.
	 */
	@Override
	public String toString() {
		return "AkiStartRequest[" + this.endpoint + ", " + this.parameters.keySet() + "]";
	}

}
