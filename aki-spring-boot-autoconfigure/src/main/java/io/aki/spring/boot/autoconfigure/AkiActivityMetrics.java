package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.aki.client.AkiActivity;
import io.aki.client.AkiClient;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Gauges of what the application's clients are doing, each under the name of its bean;
 * clients that share their connections are one.
 */
class AkiActivityMetrics implements MeterBinder {

	static final String JOBS = "aki.client.jobs";

	static final String POLLS_ACTIVE = "aki.client.polls.active";

	static final String POLLS = "aki.client.polls";

	private static final String CLIENT = "client";

	private final ListableBeanFactory beanFactory;

	AkiActivityMetrics(ListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Set<AkiActivity> bound = Collections.newSetFromMap(new IdentityHashMap<>());
		this.beanFactory.getBeansOfType(AkiClient.class, false, false).forEach((name, client) -> {
			AkiActivity activity = client.activity();
			if (bound.add(activity)) {
				bind(registry, name, activity);
			}
		});
	}

	private static void bind(MeterRegistry registry, String client, AkiActivity activity) {
		Gauge.builder(JOBS, activity, AkiActivity::jobsFollowed)
			.description("Jobs that are being followed.")
			.tag(CLIENT, client)
			.register(registry);
		Gauge.builder(POLLS_ACTIVE, activity, AkiActivity::pollsInFlight)
			.description("Polls that are on their way.")
			.tag(CLIENT, client)
			.register(registry);
		polls(registry, client, "success", activity, AkiActivity::pollsAnswered, AkiActivity::timeOfPollsAnswered);
		polls(registry, client, "error", activity, AkiActivity::pollsFailed, AkiActivity::timeOfPollsFailed);
	}

	private static void polls(MeterRegistry registry, String client, String outcome, AkiActivity activity,
			ToLongFunction<AkiActivity> count, Function<AkiActivity, Duration> time) {
		FunctionTimer.builder(POLLS, activity, count, (each) -> time.apply(each).toNanos(), TimeUnit.NANOSECONDS)
			.description("Polls that have ended.")
			.tag(CLIENT, client)
			.tag("outcome", outcome)
			.register(registry);
	}

}
