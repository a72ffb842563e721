package io.aki.client;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One report about a running job: what a callback receives, as one value.
 *
 * @param info how far the job is
 * @param data the partial results, {@code null} until there are any
 * @since 1.0.0
 * @see AkiJob#progress()
 * @see AkiJob#publisher()
 */
public record AkiProgress(@JsonProperty("info") AkiProgressInfo info,
		@JsonProperty("data") @Nullable AkiProgressData data) {

}
