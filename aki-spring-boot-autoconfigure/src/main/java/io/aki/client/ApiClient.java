package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The five routes of the API: which path, which key, which time limit.
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

	ApiOutcome call(String endpoint, Map<String, @Nullable Object> params, boolean waitForResult) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>(params);
		body.put("key", this.keys.require());
		body.put("wait_for_result", waitForResult);
		return post("/api/call/{endpoint}", endpoint, body,
				waitForResult ? this.settings.readTimeout() : this.settings.progressTimeout());
	}

	ApiOutcome progress(String endpoint, String jobId, Map<String, @Nullable Object> appended, boolean cancel) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>(appended);
		body.put("key", this.keys.require());
		body.put("job_id", jobId);
		Duration timeout = this.settings.progressTimeout();
		if (cancel) {
			body.put("cancel", true);
			timeout = (this.settings.cancelTimeout().compareTo(timeout) < 0) ? this.settings.cancelTimeout() : timeout;
		}
		return post("/api/progress/{endpoint}", endpoint, body, timeout);
	}

	ApiOutcome validateKey(String key) {
		return get("/api/validate_key?version={version}&key={key}",
				Map.of("version", ClientVersion.NAME_AND_VERSION, "key", key));
	}

	ApiOutcome endpoints(@Nullable String key) {
		return (key != null) ? get("/api/endpoints?key={key}", Map.of("key", key)) : get("/api/endpoints", Map.of());
	}

	ApiOutcome endpoint(String name, String key) {
		return get("/api/endpoints/{endpoint}?key={key}", Map.of("endpoint", name, "key", key));
	}

	private ApiOutcome post(String path, String endpoint, Map<String, @Nullable Object> body, Duration timeout) {
		return this.transport.post(this.settings.apiServer() + path, endpoint, body, timeout,
				this.settings.maxResponseBytes());
	}

	private ApiOutcome get(String path, Map<String, ?> variables) {
		return this.transport.get(this.settings.apiServer() + path, variables, this.settings.progressTimeout(),
				this.settings.maxResponseBytes());
	}

}
