package io.aki.sample.stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.aki.client.AkiProgressData;
import io.aki.client.AkiProgressInfo;
import org.jspecify.annotations.Nullable;

/**
 * The data of the {@code progress} event. It contains the progress from the API and the
 * fields of the partial result that a page shows with it.
 *
 * @param info the progress of the job
 * @param numGeneratedTokens the number of tokens of the text so far
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
