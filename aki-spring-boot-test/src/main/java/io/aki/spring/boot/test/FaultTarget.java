package io.aki.spring.boot.test;

import java.util.Collections;
import java.util.Set;

import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges to which a fault applies.
 *
 * @param phases the phases
 * @param endpoint the endpoint's name, {@code null} for any endpoint
 * @param jobRunning whether the fault applies to a poll or cancel request only if the job
 * has not ended. A poll that returns the result is not affected by this condition
 */
record FaultTarget(Set<Phase> phases, @Nullable String endpoint, boolean jobRunning) {

	/**
	 * Return whether enough is known about an exchange to decide whether it matches.
	 */
	boolean decidable(Exchange exchange) {
		if (!fits(exchange.endpoint()) || Collections.disjoint(this.phases, exchange.phases())) {
			return true;
		}
		return this.phases.containsAll(exchange.phases()) && !(this.jobRunning && exchange.jobRunning() == null);
	}

	boolean matches(Exchange exchange) {
		return fits(exchange.endpoint()) && !Collections.disjoint(this.phases, exchange.phases())
				&& !(this.jobRunning && lacksJob(exchange));
	}

	private boolean fits(@Nullable String other) {
		return this.endpoint == null || this.endpoint.equals(other);
	}

	private static boolean lacksJob(Exchange exchange) {
		boolean asksForJob = exchange.phases().contains(Phase.POLL) || exchange.phases().contains(Phase.CANCEL);
		return asksForJob && !Boolean.TRUE.equals(exchange.jobRunning());
	}

}
