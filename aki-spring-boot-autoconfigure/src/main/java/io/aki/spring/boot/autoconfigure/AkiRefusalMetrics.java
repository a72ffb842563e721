package io.aki.spring.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Counts the requests that the limits have refused. It is a binder, so that a client can
 * be created before the registry.
 */
class AkiRefusalMetrics implements MeterBinder, EndpointLimits.Listener {

	static final String REFUSED = "aki.client.requests.refused";

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	@Override
	public void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
	}

	@Override
	public void refused(String entry, String limit) {
		for (MeterRegistry registry : this.registries) {
			Counter.builder(REFUSED)
				.description("Requests that a limit of 'aki.io.limits' has refused.")
				.tag("entry", entry)
				.tag("limit", limit)
				.register(registry)
				.increment();
		}
	}

}
