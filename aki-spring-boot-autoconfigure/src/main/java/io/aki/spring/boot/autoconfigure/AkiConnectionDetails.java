package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where AKI.IO is, and with which key it is called. A bean of this type takes the place
 * of the properties {@code aki.io.api-server} and {@code aki.io.api-key}: a platform, a
 * container or a vault supplies both with it.
 *
 * @since 1.0.0
 */
public interface AkiConnectionDetails extends ConnectionDetails {

	/**
	 * Return the server. Asked once for each client that is made.
	 * @return the base URL, such as {@code https://aki.io}
	 */
	String getApiServer();

	/**
	 * Return the API key in force. Asked at each exchange with the server, those of
	 * running jobs included, so that a new key needs no restart; it must be fast and
	 * thread-safe. {@link AkiClient#setApiKey(String)} takes its place.
	 * @return the key; {@code null} or blank if there is none, with which a call fails
	 * with an {@link IllegalStateException}
	 */
	@Nullable String getApiKey();

}
