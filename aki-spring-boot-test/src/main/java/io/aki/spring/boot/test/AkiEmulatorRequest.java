package io.aki.spring.boot.test;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A request that the emulator has received. It contains the API key. Only
 * {@link #toString()} masks the key.
 *
 * @param method the HTTP method
 * @param path the path, not decoded and without the query
 * @param query the parameters of the query, decoded
 * @param body the body as a map, empty if the body is not a JSON object
 * @param rawBody the body as text
 * @since 1.0.0
 */
public record AkiEmulatorRequest(String method, String path, Map<String, String> query,
		Map<String, @Nullable Object> body, String rawBody) {

	private static final Set<String> SECRETS = Set.of("key", "client_session_auth_key");

	private static final int LONGEST_VALUE = 200;

	/**
	 * Create a request with immutable copies of the maps.
	 * @param method the HTTP method
	 * @param path the path
	 * @param query the parameters of the query
	 * @param body the body as a map
	 * @param rawBody the body as text
	 */
	public AkiEmulatorRequest {
		query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
		body = Collections.unmodifiableMap(new LinkedHashMap<>(body));
	}

	/**
	 * Return the parameters of the endpoint.
	 * @return the body without {@code key} and {@code wait_for_result}, immutable
	 */
	public Map<String, @Nullable Object> params() {
		Map<String, @Nullable Object> params = new LinkedHashMap<>(this.body);
		params.remove("key");
		params.remove("wait_for_result");
		return Collections.unmodifiableMap(params);
	}

	/**
	 * Return a text for messages and logs. Keys are masked and long values are shortened.
	 * A body that is not a JSON object is omitted, because it may contain a key.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.method).append(' ').append(this.path);
		if (!this.query.isEmpty()) {
			text.append(" query=").append(masked(this.query));
		}
		if (!this.body.isEmpty()) {
			text.append(" body=").append(masked(this.body));
		}
		else if (!this.rawBody.isEmpty()) {
			text.append(" (").append(this.rawBody.length()).append(" characters)");
		}
		return text.toString();
	}

	private static Map<String, String> masked(Map<String, ? extends @Nullable Object> values) {
		Map<String, String> masked = new LinkedHashMap<>();
		values.forEach((name, value) -> masked.put(name, SECRETS.contains(name) ? "***" : shortened(value)));
		return masked;
	}

	private static String shortened(@Nullable Object value) {
		String text = String.valueOf(value);
		return (text.length() <= LONGEST_VALUE) ? text : text.substring(0, LONGEST_VALUE) + "…";
	}

}
