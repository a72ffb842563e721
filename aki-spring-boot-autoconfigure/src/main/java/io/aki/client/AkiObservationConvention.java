package io.aki.client;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names what is observed of a request. To change something extend
 * {@link DefaultAkiObservationConvention} and declare it as a bean, or pass it to
 * {@link AkiClient.Builder#observationConvention(AkiObservationConvention)}.
 * <p>
 * It is asked at the start and again at the end of each request, on threads of the caller
 * and of the client: it must be thread-safe and fast. Low-cardinality values become tags
 * of meters, so that their keys must always be the same and their values few.
 *
 * @since 1.0.0
 */
public interface AkiObservationConvention extends ObservationConvention<AkiRequestObservationContext> {

	/**
	 * Return whether {@link AkiRequestObservationContext#getPrompt()} is to be filled,
	 * and with it whether the server's error texts, which may repeat the request, go into
	 * the observation's error.
	 * @return {@code false} unless overridden: prompts are private
	 */
	default boolean needsPrompt() {
		return false;
	}

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof AkiRequestObservationContext;
	}

}
