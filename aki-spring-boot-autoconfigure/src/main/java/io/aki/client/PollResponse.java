package io.aki.client;

import java.util.Map;
import java.util.Set;

import io.aki.client.json.ApiJson;
import org.jspecify.annotations.Nullable;

/**
 * The response to a poll, parsed.
 *
 * @param response the response
 * @param state the job's state, {@link AkiJobState#UNKNOWN} if the response contains none
 * @param serverState the state as the server spells it, empty if the response contains
 * none
 * @param success whether the response says success or does not say anything about it
 * @param result the job's result, {@code null} while there is none
 * @param hasProgress whether the response reports progress
 * @param percent from 0 to 100, -1 if unknown
 * @param queuePosition the position in the queue, -1 if unknown
 * @param estimate the estimated time until the job is done, in seconds; -1 if unknown
 * @param partial the partial results, {@code null} if the response contains none
 */
record PollResponse(ApiResponse response, AkiJobState state, String serverState, boolean success,
		@Nullable Map<String, @Nullable Object> result, boolean hasProgress, double percent, int queuePosition,
		double estimate, @Nullable Map<String, @Nullable Object> partial) {

	/** A JSON object without any of these names is not a response to a poll. */
	private static final Set<String> NAMES = Set.of("success", "job_state", "progress", "job_result", "error",
			"message");

	static PollResponse of(ApiResponse response) {
		Map<String, @Nullable Object> body = response.body();
		String state = (body.get("job_state") instanceof String text) ? text : null;
		Map<?, ?> progress = (body.get("progress") instanceof Map<?, ?> map) ? map : Map.of();
		return new PollResponse(response, AkiJobState.of(state), (state != null) ? state : "",
				!body.containsKey("success") || Failure.isTrue(body.get("success")), object(body.get("job_result")),
				!progress.isEmpty(), Math.min(number(progress.get("progress")), 100),
				(int) number(progress.get("queue_position")), number(progress.get("estimate")),
				object(progress.get("progress_data")));
	}

	/**
	 * Return whether the response says anything about the job.
	 */
	boolean isAboutJob() {
		return NAMES.stream().anyMatch(this.response.body()::containsKey);
	}

	private static @Nullable Map<String, @Nullable Object> object(@Nullable Object value) {
		return (value instanceof Map<?, ?> map && !map.isEmpty()) ? ApiJson.object(map) : null;
	}

	private static double number(@Nullable Object value) {
		return (value instanceof Number number && Double.isFinite(number.doubleValue())) ? number.doubleValue() : -1;
	}

}
