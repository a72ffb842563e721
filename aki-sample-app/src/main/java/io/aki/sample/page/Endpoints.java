package io.aki.sample.page;

import java.util.List;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointList;

import org.springframework.stereotype.Component;

/**
 * Retrieves the endpoints of AKI.IO and their details.
 */
@Component
class Endpoints {

	private final AkiClient aki;

	Endpoints(AkiClient aki) {
		this.aki = aki;
	}

	AkiEndpointList names() {
		return this.aki.getEndpointList();
	}

	List<EndpointView> all(AkiEndpointList names) {
		return names.endpoints().parallelStream().map(this::endpoint).toList();
	}

	EndpointView endpoint(String name) {
		return EndpointView.of(name, this.aki.getEndpointDetails(name));
	}

}
