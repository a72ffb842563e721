package io.aki.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.AkiClient;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Contributes the client's version, its server and its endpoint.
 */
class AkiInfoContributor implements InfoContributor {

	private final AkiClient client;

	AkiInfoContributor(AkiClient client) {
		this.client = client;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("client", AkiClient.getVersion());
		details.put("server", this.client.apiServer());
		String endpoint = this.client.endpoint();
		if (endpoint != null) {
			details.put("endpoint", endpoint);
		}
		builder.withDetail("aki", details);
	}

}
