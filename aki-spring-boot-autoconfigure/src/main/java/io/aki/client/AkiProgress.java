package io.aki.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a running job: the arguments of a callback as one value.
 *
 * @param info the progress
 * @param data the partial results, {@code null} until there are any
 * @since 1.0.0
 * @see AkiJob#progress()
 * @see AkiJob#publisher()
 */
public record AkiProgress(@JsonProperty("info") AkiProgressInfo info,
		@JsonProperty("data") @Nullable AkiProgressData data) {

}
