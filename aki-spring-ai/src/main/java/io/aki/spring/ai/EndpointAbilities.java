package io.aki.spring.ai;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.aki.client.AkiClient;
import io.aki.client.AkiEndpointDetails;
import io.aki.client.AkiException;
import io.aki.client.AkiParameter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What endpoints declare about themselves. The server is asked once per endpoint.
 * Thread-safe.
 */
final class EndpointAbilities {

	private static final Log logger = LogFactory.getLog(EndpointAbilities.class);

	private final Map<String, AkiEndpointDetails> known = new ConcurrentHashMap<>();

	private final AkiClient client;

	EndpointAbilities(AkiClient client) {
		this.client = client;
	}

	/**
	 * Return whether the details of an endpoint are known, so that no request is
	 * necessary.
	 */
	boolean isKnown(String endpoint) {
		return this.known.containsKey(endpoint);
	}

	/**
	 * Return whether an endpoint accepts a parameter.
	 * @return {@code false} also if the server does not answer
	 */
	boolean declares(String endpoint, String parameter) {
		return find(endpoint, parameter) != null;
	}

	/**
	 * Return whether a parameter of an endpoint accepts a value.
	 * @return {@code false} also if the server does not answer
	 */
	boolean accepts(String endpoint, String parameter, String value) {
		AkiParameter declared = find(endpoint, parameter);
		return declared != null && declared.options().contains(value);
	}

	private @Nullable AkiParameter find(String endpoint, String parameter) {
		AkiEndpointDetails details = details(endpoint);
		return (details == null) ? null
				: details.parameters()
					.stream()
					.filter((candidate) -> candidate.name().equals(parameter))
					.findFirst()
					.orElse(null);
	}

	/**
	 * Return the details of an endpoint.
	 * @return the details, or {@code null} if the server does not answer
	 */
	@Nullable AkiEndpointDetails details(String endpoint) {
		AkiEndpointDetails details = this.known.get(endpoint);
		if (details == null) {
			try {
				details = this.client.getEndpointDetails(endpoint).orThrow();
				this.known.put(endpoint, details);
			}
			catch (AkiException ex) {
				logger.debug("The details of the endpoint '" + endpoint + "' cannot be read", ex);
			}
		}
		return details;
	}

	/**
	 * Forget an endpoint whose parameters may have changed.
	 */
	void forget(String endpoint) {
		this.known.remove(endpoint);
	}

}
