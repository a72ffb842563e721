package io.aki.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * {@link AkiConnectionDetails} with the current values of {@link AkiProperties}, which
 * may be bound again with another key.
 */
class PropertiesAkiConnectionDetails implements AkiConnectionDetails {

	private static final String KEY_VARIABLE = "AKI_API_KEY";

	private final AkiProperties properties;

	private final Environment environment;

	PropertiesAkiConnectionDetails(AkiProperties properties, Environment environment) {
		this.properties = properties;
		this.environment = environment;
	}

	@Override
	public String getApiServer() {
		return this.properties.getApiServer();
	}

	@Override
	public String getApiKeySource() {
		return StringUtils.hasText(this.properties.getApiKey()) ? "the property 'aki.io.api-key'"
				: "the environment variable " + KEY_VARIABLE;
	}

	@Override
	public @Nullable String getApiKey() {
		String key = this.properties.getApiKey();
		return StringUtils.hasText(key) ? key : this.environment.getProperty(KEY_VARIABLE);
	}

}
