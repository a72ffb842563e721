package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.http.ExchangeLimits;
import org.jspecify.annotations.Nullable;

/**
 * The five routes of the API, with their paths, keys and time limits.
 */
final class ApiClient {

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
		return post("/api/call/{endpoint}", endpoint, body,
				limits(waitForResult ? this.settings.readTimeout() : this.settings.progressTimeout()));
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
		return this.transport.poll(this.settings.apiServer(), "/api/progress/{endpoint}", endpoint, body, limits,
				new KeyMask(key));
	}

	ApiResponse validateKey(String key) {
		return get("/api/validate_key?version={version}&key={key}",
				Map.of("version", ClientVersion.NAME_AND_VERSION, "key", key), key);
	}

	ApiResponse endpoints(@Nullable String key) {
		return (key != null) ? get("/api/endpoints?key={key}", Map.of("key", key), key)
				: get("/api/endpoints", Map.of(), null);
	}

	ApiResponse endpoint(String name, String key) {
		return get("/api/endpoints/{endpoint}?key={key}", Map.of("endpoint", name, "key", key), key);
	}

	private ApiResponse post(String path, String endpoint, Map<String, @Nullable Object> body, ExchangeLimits limits) {
		String key = authorize(body);
		return this.transport.post(this.settings.apiServer(), path, endpoint, body, limits, new KeyMask(key));
	}

	private String authorize(Map<String, @Nullable Object> body) {
		String key = this.keys.require();
		body.put("key", key);
		return key;
	}

	private ApiResponse get(String path, Map<String, ?> variables, @Nullable String key) {
		return this.transport.get(this.settings.apiServer(), path, variables, limits(this.settings.progressTimeout()),
				new KeyMask(key));
	}

	private ExchangeLimits limits(Duration time) {
		return new ExchangeLimits(time, this.settings.maxResponseSize().toBytes());
	}

}
