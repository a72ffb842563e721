package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.aki.client.AkiActivity;
import io.aki.client.AkiClient;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Registers gauges for the application's clients, with the name of the client's bean as a
 * tag. Clients that share their connections count as one. Clients and registries may be
 * created in any order: with lazy initialization the first registry may be created while
 * a client is being created.
 */
class AkiActivityMetrics implements MeterBinder, BeanPostProcessor {

	static final String JOBS = "aki.client.jobs";

	static final String POLLS_ACTIVE = "aki.client.polls.active";

	static final String POLLS = "aki.client.polls";

	private static final String CLIENT = "client";

	private final BeanFactory beanFactory;

	private final Map<AkiActivity, String> clients = new IdentityHashMap<>();

	private final List<MeterRegistry> registries = new ArrayList<>();

	AkiActivityMetrics(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		this.clients.forEach((activity, client) -> bind(registry, client, activity));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AkiClient client && this.beanFactory.containsBean(beanName)
				&& this.beanFactory.isSingleton(beanName)) {
			made(beanName, client.activity());
		}
		return bean;
	}

	private synchronized void made(String client, AkiActivity activity) {
		if (this.clients.putIfAbsent(activity, client) == null) {
			this.registries.forEach((registry) -> bind(registry, client, activity));
		}
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
