package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.aki.client.AkiRequestObservationContext;
import io.aki.client.AkiResult;
import io.aki.client.AkiUsage;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationView;
import org.jspecify.annotations.Nullable;

/**
 * Records the meters of OpenTelemetry's conventions for generative AI from the
 * observations of requests, and the queue and compute times of jobs. Their tags are the
 * low-cardinality values of the observation.
 * <p>
 * It is not a {@code MeterObservationHandler}, because only the first matching one of
 * those is called.
 */
class AkiMeterObservationHandler implements ObservationHandler<AkiRequestObservationContext> {

	static final String DURATION = "gen_ai.client.operation.duration";

	static final String TOKENS = "gen_ai.client.token.usage";

	/**
	 * The observation of a model of Spring AI, for which Spring AI counts the tokens.
	 */
	private static final String SPRING_AI_OPERATION = "gen_ai.client.operation";

	static final String QUEUE_TIME = "aki.client.queue.time";

	static final String COMPUTE_TIME = "aki.client.compute.time";

	/**
	 * The buckets of the conventions: 10 ms to 82 s, each twice as long as the one
	 * before.
	 */
	private static final Duration[] DURATIONS = doubling(14);

	/**
	 * The buckets of the conventions: 1 to 67,108,864 tokens, each four times the one
	 * before.
	 */
	private static final double[] TOKEN_COUNTS = quadrupling(14);

	private final MeterRegistry meterRegistry;

	AkiMeterObservationHandler(MeterRegistry meterRegistry) {
		this.meterRegistry = meterRegistry;
	}

	private static Duration[] doubling(int count) {
		Duration[] durations = new Duration[count];
		for (int i = 0; i < count; i++) {
			durations[i] = Duration.ofMillis(10L << i);
		}
		return durations;
	}

	private static double[] quadrupling(int count) {
		double[] values = new double[count];
		for (int i = 0; i < count; i++) {
			values[i] = 1L << (2 * i);
		}
		return values;
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof AkiRequestObservationContext;
	}

	@Override
	public void onStart(AkiRequestObservationContext context) {
		context.put(AkiMeterObservationHandler.class, this.meterRegistry.config().clock().monotonicTime());
	}

	@Override
	public void onStop(AkiRequestObservationContext context) {
		Tags tags = Tags.empty();
		for (KeyValue value : context.getLowCardinalityKeyValues()) {
			tags = tags.and(Tag.of(value.getKey(), value.getValue()));
		}
		Long started = context.get(AkiMeterObservationHandler.class);
		if (started != null) {
			Timer.builder(DURATION)
				.description("GenAI operation duration.")
				.serviceLevelObjectives(DURATIONS)
				.tags(tags)
				.register(this.meterRegistry)
				.record(this.meterRegistry.config().clock().monotonicTime() - started, TimeUnit.NANOSECONDS);
		}
		AkiResult result = context.getResult();
		if (result != null) {
			AkiUsage usage = AkiUsage.of(result);
			if (!isPartOfSpringAi(context)) {
				tokens(usage.inputTokens(), tags.and("gen_ai.token.type", "input"));
				tokens(usage.outputTokens(), tags.and("gen_ai.token.type", "output"));
			}
			time(QUEUE_TIME, "How long jobs waited for a worker.", usage.queueSeconds(), tags);
			time(COMPUTE_TIME, "How long workers computed.", usage.computeSeconds(), tags);
		}
	}

	private static boolean isPartOfSpringAi(AkiRequestObservationContext context) {
		ObservationView parent = context.getParentObservation();
		return parent != null && SPRING_AI_OPERATION.equals(parent.getContextView().getName());
	}

	private void tokens(@Nullable Integer tokens, Tags tags) {
		if (tokens != null) {
			DistributionSummary.builder(TOKENS)
				.description("Number of input and output tokens used.")
				.baseUnit("tokens")
				.serviceLevelObjectives(TOKEN_COUNTS)
				.tags(tags)
				.register(this.meterRegistry)
				.record(tokens);
		}
	}

	private void time(String name, String description, @Nullable Double seconds, Tags tags) {
		if (seconds != null) {
			Timer.builder(name)
				.description(description)
				.tags(tags)
				.register(this.meterRegistry)
				.record((long) (seconds * TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
		}
	}

}
