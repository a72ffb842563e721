package io.aki.spring.boot.test;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Checks API keys and returns the error messages of the server.
 */
final class KeyCheck {

	static final String NOT_VALID = "Key not valid";

	private static final String MISSING = "API Key missing and client session authentication key not registered in API Server";

	private final List<String> accepted;

	KeyCheck(List<String> accepted) {
		this.accepted = accepted;
	}

	boolean accepts(@Nullable Object key) {
		return key instanceof String text && this.accepted.contains(text);
	}

	/**
	 * Check the API key in the body of a request.
	 * @param key the key, {@code null} if there is none
	 * @return the error message, {@code null} if the key is valid
	 */
	@Nullable String objection(@Nullable Object key) {
		if (key == null || "".equals(key)) {
			return MISSING;
		}
		return accepts(key) ? null : NOT_VALID;
	}

}
