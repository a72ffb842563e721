package io.aki.sample.stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * The last event of a job: {@code done} with the result, or {@code failure}.
 *
 * @param event the event's name
 * @param data the event's data
 */
record JobEnd(String event, Object data) {

	static JobEnd of(AkiResult result) {
		return result.success() ? new JobEnd("done", result)
				: failure(String.valueOf(result.error()), result.errorCode());
	}

	static JobEnd of(Throwable failure) {
		return failure(String.valueOf(failure.getMessage()), null);
	}

	private static JobEnd failure(String error, @Nullable Integer errorCode) {
		return new JobEnd("failure", new Failure(error, errorCode));
	}

	private record Failure(@JsonProperty("error") String error,
			@JsonProperty("error_code") @Nullable Integer errorCode) {

	}

}
