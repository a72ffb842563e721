package io.aki.spring.boot.tasks;

import java.time.Duration;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Checks whether this instance can execute tasks: whether the database answers, and
 * whether the leases of its tasks were renewed in time.
 */
class AkiTasksHealthIndicator extends AbstractHealthIndicator {

	private final TaskComponents components;

	AkiTasksHealthIndicator(TaskComponents components) {
		super("The database of the durable tasks is not available");
		this.components = components;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up().withDetail("running", this.components.running().size());
		this.components.store()
			.oldestPending()
			.ifPresent((age) -> builder.withDetail("oldestPendingSeconds", age.toSeconds()));
		if (!this.components.properties().execute()) {
			builder.withDetail("execute", false);
			return;
		}
		Duration age = this.components.heartbeat().age();
		builder.withDetail("leasesRenewedSecondsAgo", age.toSeconds());
		if (age.compareTo(this.components.properties().lease()) > 0) {
			builder.down().withDetail("error", "The leases of the running tasks were not renewed in time");
		}
	}

}
