package io.aki.docs;

import io.aki.client.AkiClient;
import io.aki.spring.boot.test.AkiEmulator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the snippet of the page about the API key.
 */
class KeyTests {

	@Test
	void rotation() {
		try (AkiEmulator emulator = AkiEmulator.builder().apiKeys("first-key", "second-key").build()) {
			Vault vault = () -> "first-key";
			String newKey = "second-key";
			AkiClient client = AkiClient.builder()
				.apiServer(emulator.apiServer())
				.apiKey(() -> vault.currentKey())
				.build();
			client.initApiKey().orThrow();
			// @formatter:off
			// tag::rotation[]
			AkiClient.builder().apiKey(() -> vault.currentKey());  // asked at each exchange: cache it, it must be fast
			client.setApiKey(newKey);                              // takes the place of a supplier, for views of the client too
			// end::rotation[]
			// @formatter:on
			client.initApiKey().orThrow();
			assertThat(emulator.requests()).extracting((request) -> request.query().get("key"))
				.containsExactly("first-key", "second-key");
			client.close();
		}
	}

	private interface Vault {

		String currentKey();

	}

}
