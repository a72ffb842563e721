package io.aki.client;

import java.util.function.Supplier;

/**
 * Where an API key comes from.
 *
 * @param key supplies the key
 * @param description describes the source for error messages
 */
record ApiKeySource(Supplier<String> key, Supplier<String> description) {

	/**
	 * Create a source of a fixed key.
	 * @throws AkiSettingException if the key is invalid
	 */
	static ApiKeySource of(String key, String description) {
		String checked = ApiKeys.check(key);
		return new ApiKeySource(() -> checked, () -> description);
	}

	@Override
	public String toString() {
		return "ApiKeySource[***]";
	}

}
