package io.aki.client;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a key may use.
 *
 * @since 1.0.0
 */
public final class AkiEndpointList extends DefaultAkiResponse {

	AkiEndpointList(Map<String, @Nullable Object> body, @Nullable Failure failure) {
		super(body, OutputConversion.NONE, failure);
	}

	@Override
	public AkiEndpointList orThrow() {
		throwIfFailed();
		return this;
	}

	/**
	 * Return the endpoints' names.
	 * @return the names in the server's order, empty for a failure
	 */
	public List<String> endpoints() {
		return (body().get("endpoints") instanceof List<?> names) ? names.stream().map(String::valueOf).toList()
				: List.of();
	}

	/**
	 * Return the names that are most similar to a name, for a message about a misspelled
	 * endpoint.
	 * @param endpoint the name
	 * @param maxNames the maximum number of names
	 * @return the names, the best match first, empty for a failure
	 */
	public List<String> nearest(String endpoint, int maxNames) {
		return NameSimilarity.nearest(endpoints(), endpoint, maxNames);
	}

}
