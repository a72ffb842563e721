package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Details required to connect to AKI.IO. A bean of this type replaces the properties
 * {@code aki.io.api-server} and {@code aki.io.api-key}. A platform, a container or a
 * vault can provide both with it.
 *
 * @since 1.0.0
 */
public interface AkiConnectionDetails extends ConnectionDetails {

	/**
	 * Return the server. The method is called once for each client that is created.
	 * @return the base URL, such as {@code https://aki.io}
	 */
	String getApiServer();

	/**
	 * Return the current API key. The method is called for each exchange with the server,
	 * including those of running jobs, so that a new key needs no restart. It must be
	 * fast and thread-safe. {@link AkiClient#setApiKey(String)} replaces it.
	 * @return the key; {@code null} or blank if there is none, which makes calls fail
	 * with an {@link IllegalStateException}
	 */
	@Nullable String getApiKey();

	/**
	 * Return where the key comes from. The text is part of the message about an invalid
	 * key.
	 * @return the source, such as {@code the property 'aki.io.api-key'}, without the key
	 */
	default String getApiKeySource() {
		return "an AkiConnectionDetails bean (" + getClass().getName() + ")";
	}

}
