package io.aki.spring.boot.autoconfigure;

import java.util.regex.Pattern;

import io.aki.client.AkiSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Analyzes an invalid setting: it names the property and its origin.
 */
class AkiSettingFailureAnalyzer extends AbstractFailureAnalyzer<AkiSettingException> {

	private static final Pattern UPPER_CASE = Pattern.compile("([A-Z])");

	private final @Nullable Environment environment;

	AkiSettingFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AkiSettingException cause) {
		String property = "aki.io." + UPPER_CASE.matcher(cause.setting())
			.replaceAll((match) -> "-" + match.group().toLowerCase(java.util.Locale.ROOT));
		ConfigurationProperty configured = find(property);
		StringBuilder description = new StringBuilder("The property '" + property + "' " + cause.reason() + ".");
		if (configured != null && configured.getOrigin() != null) {
			description.append("\n\n    Origin: ").append(configured.getOrigin());
		}
		else if (configured == null) {
			description.append("\n\nThe property is not set: the value comes from the environment variable AKI_API_KEY,"
					+ " an AkiConnectionDetails bean, an AkiClientCustomizer, or a bean that uses the AkiClient.Builder.");
		}
		return new FailureAnalysis(description.toString(),
				"Correct '" + property + "'. All properties and their defaults: docs/properties.md", cause);
	}

	private @Nullable ConfigurationProperty find(String property) {
		if (this.environment == null) {
			return null;
		}
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty configured = source.getConfigurationProperty(name);
			if (configured != null) {
				return configured;
			}
		}
		return null;
	}

}
