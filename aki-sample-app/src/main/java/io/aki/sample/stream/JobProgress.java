package io.aki.sample.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.aki.client.AkiProgressData;
import io.aki.client.AkiProgressInfo;
import org.jspecify.annotations.Nullable;

/**
 * The event {@code progress}: the API's own progress, and those of the partial results
 * that a page shows beside it.
 *
 * @param info how far the job is
 * @param numGeneratedTokens how many tokens the text has so far
 * @param message what the worker is doing, such as {@code step 4/8}
 */
@JsonInclude(Include.NON_NULL)
record JobProgress(@JsonUnwrapped AkiProgressInfo info,
		@JsonProperty("num_generated_tokens") @Nullable Object numGeneratedTokens,
		@JsonProperty("progress_message") @Nullable Object message) {

	static JobProgress of(AkiProgressInfo info, @Nullable AkiProgressData data) {
		return (data != null) ? new JobProgress(info, data.get("num_generated_tokens"), data.get("progress_message"))
				: new JobProgress(info, null, null);
	}

}
