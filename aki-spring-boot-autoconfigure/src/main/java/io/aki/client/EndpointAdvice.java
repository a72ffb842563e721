package io.aki.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Adds advice to the failure of a request for an unknown endpoint or with invalid
 * parameters. The names come from the server, which is asked once per endpoint, after the
 * failure, and for a limited time. If the server does not answer there is no advice.
 */
final class EndpointAdvice {

	private static final int MAX_NAMES = 3;

	private static final int MAX_ENTRIES = 100;

	private final ApiClient api;

	private final Map<String, String> advice = new ConcurrentHashMap<>();

	EndpointAdvice(ApiClient api) {
		this.api = api;
	}

	/**
	 * Return the response to a request to an endpoint, with advice if there is any.
	 */
	ApiResponse addTo(ApiResponse response, String endpoint) {
		Failure failure = response.failure();
		if (failure == null) {
			return response;
		}
		HttpStatus status = HttpStatus.resolve(response.status());
		String advice = (status == HttpStatus.NOT_FOUND || status == HttpStatus.BAD_REQUEST) ? find(status, endpoint)
				: null;
		return (advice != null) ? response.withFailure(failure.withError(failure.error() + advice)) : response;
	}

	private @Nullable String find(HttpStatus status, String endpoint) {
		String cacheKey = status.value() + endpoint;
		String known = this.advice.get(cacheKey);
		if (known != null) {
			return known;
		}
		String found = (status == HttpStatus.NOT_FOUND) ? nearestNames(endpoint) : declaredParameters(endpoint);
		if (found != null && this.advice.size() < MAX_ENTRIES) {
			this.advice.put(cacheKey, found);
		}
		return found;
	}

	private @Nullable String nearestNames(String endpoint) {
		if (!(this.api.endpointsForAdvice().body().get("endpoints") instanceof List<?> endpoints)) {
			return null;
		}
		List<String> names = endpoints.stream().map(String::valueOf).toList();
		if (names.isEmpty() || names.contains(endpoint)) {
			return null;
		}
		return ". There is no endpoint '" + endpoint + "'. The nearest names are "
				+ NameSimilarity.nearest(names, endpoint, MAX_NAMES)
					.stream()
					.collect(Collectors.joining("', '", "'", "'"))
				+ ". getEndpointList() returns all names";
	}

	private @Nullable String declaredParameters(String endpoint) {
		Object description = this.api.endpointForAdvice(endpoint).body().get("parameter_description");
		if (description instanceof Map<?, ?> map && map.get("input") instanceof Map<?, ?> input && !input.isEmpty()) {
			return ". The endpoint declares the parameters "
					+ input.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
		}
		return null;
	}

}
