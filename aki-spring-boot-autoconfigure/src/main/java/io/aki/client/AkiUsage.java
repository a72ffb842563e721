package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The number of tokens and the durations of a request, from its result. A value is
 * {@code null} if the endpoint does not send it.
 *
 * @param inputTokens the tokens of the request, 0 or more
 * @param outputTokens the tokens that the model has generated, 0 or more
 * @param queueSeconds how long the job waited for a worker: the difference between its
 * total duration and its compute duration, 0 or more
 * @param computeSeconds how long the worker computed, 0 or more
 * @since 1.0.0
 */
public record AkiUsage(@Nullable Integer inputTokens, @Nullable Integer outputTokens, @Nullable Double queueSeconds,
		@Nullable Double computeSeconds) {

	/**
	 * Return the usage of a request.
	 * @param result the result or the failure
	 * @return its usage
	 */
	public static AkiUsage of(AkiResult result) {
		Integer inputTokens = (result.get("prompt_length") instanceof Number number) ? number.intValue() : null;
		Integer outputTokens = result.numGeneratedTokens();
		Double total = result.totalDuration();
		Double compute = result.computeDuration();
		Double queue = (total != null && compute != null) ? Math.max(0, total - compute) : null;
		return new AkiUsage((inputTokens != null) ? Math.max(0, inputTokens) : null,
				(outputTokens != null) ? Math.max(0, outputTokens) : null, queue,
				(compute != null) ? Math.max(0, compute) : null);
	}

}
