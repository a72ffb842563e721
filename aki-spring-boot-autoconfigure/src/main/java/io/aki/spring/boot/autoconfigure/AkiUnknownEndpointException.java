package io.aki.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

/**
 * The key may not use the endpoint of the property.
 */
final class AkiUnknownEndpointException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** The nearest names, the best match first. */
	private final ArrayList<String> nearest;

	AkiUnknownEndpointException(String endpoint, List<String> nearest) {
		super("The API key of AKI.IO may use no endpoint '" + endpoint + "'.");
		this.nearest = new ArrayList<>(nearest);
	}

	List<String> nearest() {
		return List.copyOf(this.nearest);
	}

}
