package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;

/**
 * Callback interface that beans implement to change the auto-configured
 * {@link AkiClient.Builder}, after the properties {@code aki.io.*} have been applied.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface AkiClientCustomizer {

	/**
	 * Change the builder.
	 * @param builder the builder
	 */
	void customize(AkiClient.Builder builder);

}
