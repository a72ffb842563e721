package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.http.ExchangeLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The five routes of the API, with their paths, keys and time limits.
 */
final class ApiClient {

	/** Long enough for a short answer, and short for a caller that waits. */
	private static final Duration ADVICE_TIMEOUT = Duration.ofSeconds(2);

	private final EndpointAdvice advice = new EndpointAdvice(this);

	private final ApiTransport transport;

	private final ClientSettings settings;

	private final ApiKeys keys;

	ApiClient(ApiTransport transport, ClientSettings settings, ApiKeys keys) {
		this.transport = transport;
		this.settings = settings;
		this.keys = keys;
	}

	ApiResponse call(String endpoint, Map<String, @Nullable Object> params, boolean waitForResult) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>(params);
		body.put("wait_for_result", waitForResult);
		ApiResponse response = post("/api/call/{endpoint}", endpoint, body,
				limits(waitForResult ? this.settings.readTimeout() : this.settings.progressTimeout()));
		return this.advice.addTo(response, endpoint);
	}

	ApiResponse progress(String endpoint, String jobId, Map<String, @Nullable Object> appended, boolean cancel) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>(appended);
		body.put("job_id", jobId);
		ExchangeLimits limits = limits(this.settings.progressTimeout());
		if (cancel) {
			body.put("cancel", true);
			limits = limits.within(this.settings.cancelTimeout());
		}
		String key = authorize(body);
		return explain(this.transport.poll(this.settings.apiServer(), "/api/progress/{endpoint}", endpoint, body,
				limits, new KeyMask(key)), key);
	}

	ApiResponse validateKey(String key) {
		return get("/api/validate_key?version={version}&key={key}",
				Map.of("version", ClientVersion.NAME_AND_VERSION, "key", key), key,
				limits(this.settings.progressTimeout()));
	}

	ApiResponse endpoints(@Nullable String key) {
		return endpoints(key, limits(this.settings.progressTimeout()));
	}

	ApiResponse endpointsForAdvice() {
		return endpoints(this.keys.find(), limits(this.settings.progressTimeout()).within(ADVICE_TIMEOUT));
	}

	private ApiResponse endpoints(@Nullable String key, ExchangeLimits limits) {
		return (key != null) ? get("/api/endpoints?key={key}", Map.of("key", key), key, limits)
				: get("/api/endpoints", Map.of(), null, limits);
	}

	ApiResponse endpoint(String name, String key) {
		return this.advice.addTo(endpoint(name, key, limits(this.settings.progressTimeout())), name);
	}

	ApiResponse endpointForAdvice(String name) {
		return endpoint(name, this.keys.require(), limits(this.settings.progressTimeout()).within(ADVICE_TIMEOUT));
	}

	private ApiResponse endpoint(String name, String key, ExchangeLimits limits) {
		return get("/api/endpoints/{endpoint}?key={key}", Map.of("endpoint", name, "key", key), key, limits);
	}

	private ApiResponse post(String path, String endpoint, Map<String, @Nullable Object> body, ExchangeLimits limits) {
		String key = authorize(body);
		return explain(this.transport.post(this.settings.apiServer(), path, endpoint, body, limits, new KeyMask(key)),
				key);
	}

	private String authorize(Map<String, @Nullable Object> body) {
		String key = this.keys.require();
		body.put("key", key);
		return key;
	}

	private ApiResponse get(String path, Map<String, ?> variables, @Nullable String key, ExchangeLimits limits) {
		return explain(this.transport.get(this.settings.apiServer(), path, variables, limits, new KeyMask(key)), key);
	}

	/**
	 * Add the source of the key to a failure that says that the key is invalid.
	 */
	private ApiResponse explain(ApiResponse response, @Nullable String key) {
		Failure failure = response.failure();
		if (failure == null || response.status() != HttpStatus.UNAUTHORIZED.value() || key == null
				|| !key.equals(this.keys.find())) {
			return response;
		}
		return response.withFailure(failure.withError(this.keys.describeInvalid(failure.error())));
	}

	private ExchangeLimits limits(Duration time) {
		return new ExchangeLimits(time, this.settings.maxResponseSize().toBytes());
	}

}
