package io.aki.client;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The current API key. It is looked up for each exchange, because it may change at any
 * time.
 */
final class ApiKeys {

	private volatile @Nullable Supplier<String> supplier;

	private volatile @Nullable String checked;

	ApiKeys(@Nullable Supplier<String> supplier) {
		this.supplier = supplier;
	}

	@Nullable Supplier<String> supplier() {
		return this.supplier;
	}

	void set(String key) {
		String checked = check(key);
		this.supplier = () -> checked;
	}

	@Nullable String find() {
		Supplier<String> supplier = this.supplier;
		String key = (supplier != null) ? get(supplier) : null;
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
							+ ((this.supplier != null) ? ". The supplier that the client was given returned none"
									: ""));
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
