package io.aki.spring.boot.autoconfigure;

import io.aki.client.AkiClient;
import io.aki.client.AkiException;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Stops the start of an application whose API key the server refuses.
 */
class AkiKeyStartupCheck implements SmartInitializingSingleton {

	private final AkiClient client;

	AkiKeyStartupCheck(AkiClient client) {
		this.client = client;
	}

	@Override
	public void afterSingletonsInstantiated() {
		try {
			this.client.initApiKey().orThrow();
		}
		catch (AkiException | IllegalStateException ex) {
			throw new AkiKeyNotValidatedException(ex);
		}
	}

	static final class AkiKeyNotValidatedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		AkiKeyNotValidatedException(RuntimeException cause) {
			super("The API key of AKI.IO could not be validated: " + cause.getMessage(), cause);
		}

	}

}
