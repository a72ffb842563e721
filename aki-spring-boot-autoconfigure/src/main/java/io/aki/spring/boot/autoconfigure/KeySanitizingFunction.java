package io.aki.spring.boot.autoconfigure;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.core.env.Environment;

/**
 * Masks the API key and the secret of event streams in the values that the actuator
 * shows: the values of their own names, and any other value that contains them, such as
 * the command line or the variable of a placeholder.
 */
class KeySanitizingFunction implements SanitizingFunction {

	private static final String KEY_VARIABLE = "AKI_API_KEY";

	private static final Set<String> NAMES = Set.of("akiioapikey", "akiapikey", "akiiowebtokensecret");

	/** A shorter value is not a secret, and other values contain it by chance. */
	private static final int MIN_LENGTH = 8;

	private final ObjectProvider<AkiProperties> properties;

	private final Environment environment;

	KeySanitizingFunction(ObjectProvider<AkiProperties> properties, Environment environment) {
		this.properties = properties;
		this.environment = environment;
	}

	@Override
	public SanitizableData apply(SanitizableData data) {
		return (isNameOfSecret(data.getKey()) || containsSecret(data.getValue())) ? data.withSanitizedValue() : data;
	}

	/**
	 * Compare names as relaxed binding does: case and separators are ignored.
	 */
	private static boolean isNameOfSecret(String name) {
		return NAMES.contains(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
	}

	private boolean containsSecret(@Nullable Object value) {
		if (value == null) {
			return false;
		}
		AkiProperties properties = this.properties.getIfAvailable();
		String text = value.toString();
		return Stream
			.of((properties != null) ? properties.getApiKey() : null,
					(properties != null) ? properties.getWeb().getTokenSecret() : null,
					this.environment.getProperty(KEY_VARIABLE))
			.anyMatch((secret) -> secret != null && secret.length() >= MIN_LENGTH && text.contains(secret));
	}

}
