package io.aki.client;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The current API key. It is looked up for each exchange, because it may change at any
 * time.
 */
final class ApiKeys {

	private volatile @Nullable ApiKeySource source;

	private volatile @Nullable String checked;

	ApiKeys(@Nullable ApiKeySource source) {
		this.source = source;
	}

	@Nullable ApiKeySource source() {
		return this.source;
	}

	void set(String key) {
		this.source = ApiKeySource.of(key, "setApiKey(…)");
	}

	/**
	 * Add the source of the key to a message about an invalid key.
	 */
	String describeInvalid(String error) {
		ApiKeySource source = this.source;
		return (source != null) ? error + ". The key comes from " + source.description().get() : error;
	}

	@Nullable String find() {
		ApiKeySource source = this.source;
		String key = (source != null) ? get(source.key()) : null;
		if (key == null || key.isBlank()) {
			return null;
		}
		if (!key.equals(this.checked)) {
			this.checked = check(key);
		}
		return key;
	}

	private static @Nullable String get(Supplier<String> supplier) {
		try {
			return supplier.get();
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException(
					"There is no API key: the supplier of AkiClient.Builder.apiKey(Supplier) failed", ex);
		}
	}

	String require() {
		String key = find();
		if (key == null) {
			throw new IllegalStateException(
					"There is no API key: set the property 'aki.io.api-key' or the environment variable AKI_API_KEY,"
							+ " or call AkiClient.Builder.apiKey(…) or setApiKey(…). Keys come from https://aki.io"
							+ ((this.source != null) ? ". The supplier of the client returned none" : ""));
		}
		return key;
	}

	/**
	 * Check a key. The exception does not contain the key.
	 */
	static String check(@Nullable String key) {
		if (key == null || key.isBlank()) {
			throw new AkiSettingException("apiKey", "must not be empty");
		}
		if (key.contains("${")) {
			throw new AkiSettingException("apiKey",
					"contains '${': a placeholder was not resolved. Set the property or variable that it names");
		}
		for (int i = 0; i < key.length(); i++) {
			char c = key.charAt(i);
			boolean control = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
			if (control || Character.isWhitespace(c) || Character.isSpaceChar(c)) {
				throw new AkiSettingException("apiKey",
						"contains a " + (control ? "line break or control character" : "space") + " (character "
								+ (i + 1) + " of " + key.length() + "): check how it was copied");
			}
		}
		return key;
	}

	@Override
	public String toString() {
		return "ApiKeys[***]";
	}

}
