package io.aki.spring.boot.test;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Tells good keys from bad ones, in the server's words.
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
	 * Looks at the key in a request's body.
	 * @param key the key, if there is one
	 * @return what is wrong with it, null if nothing is
	 */
	@Nullable String objection(@Nullable Object key) {
		if (key == null || "".equals(key)) {
			return MISSING;
		}
		return accepts(key) ? null : NOT_VALID;
	}

}
