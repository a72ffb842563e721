package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointList;
import io.aki.client.AkiException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.StringUtils;

/**
 * Ends the start of an application if its API key is invalid, or if the key may not use
 * its endpoint.
 */
class AkiKeyStartupCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(AkiKeyStartupCheck.class);

	private static final int MAX_NAMES = 5;

	private final AkiClient client;

	private final @Nullable String endpoint;

	AkiKeyStartupCheck(AkiClient client, @Nullable String endpoint) {
		this.client = client;
		this.endpoint = endpoint;
	}

	@Override
	public void afterSingletonsInstantiated() {
		try {
			this.client.initApiKey().orThrow();
		}
		catch (AkiException | IllegalStateException ex) {
			throw new AkiKeyNotValidatedException(ex);
		}
		if (StringUtils.hasText(this.endpoint)) {
			checkEndpoint(this.endpoint);
		}
	}

	private void checkEndpoint(String endpoint) {
		AkiEndpointList known;
		try {
			known = this.client.getEndpointList();
			known.orThrow();
		}
		catch (AkiException ex) {
			logger.warn("The endpoint '" + endpoint + "' of AKI.IO could not be looked up: " + ex.getMessage());
			return;
		}
		if (!known.endpoints().contains(endpoint)) {
			throw new AkiUnknownEndpointException(endpoint, known.nearest(endpoint, MAX_NAMES));
		}
	}

	static final class AkiKeyNotValidatedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		AkiKeyNotValidatedException(RuntimeException cause) {
			super("The API key of AKI.IO could not be validated: " + cause.getMessage(), cause);
		}

	}

}
