package io.aki.client;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Contributes names and key values to request observations. To change them, extend
 * {@link DefaultAkiObservationConvention} and declare it as a bean, or pass it to
 * {@link AkiClient.Builder#observationConvention(AkiObservationConvention)}.
 * <p>
 * It is called at the start and at the end of each request, in threads of the caller and
 * of the client, so that it must be thread-safe and fast. Low-cardinality values become
 * tags of meters: their keys must always be the same, and there must be few different
 * values.
 *
 * @since 1.0.0
 */
public interface AkiObservationConvention extends ObservationConvention<AkiRequestObservationContext> {

	/**
	 * Return whether {@link AkiRequestObservationContext#getPrompt()} returns the
	 * request's parameters. The same value decides whether the observation's error
	 * contains the server's error texts, which may repeat the request.
	 * @return {@code false} by default, because prompts are private
	 */
	default boolean needsPrompt() {
		return false;
	}

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof AkiRequestObservationContext;
	}

}
