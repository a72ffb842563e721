package io.aki.sample.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import io.aki.spring.boot.test.AkiEmulator;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.stereotype.Component;

/**
 * The state of AKI.IO that each page shows. It comes from the health indicator
 * {@code aki}. A page does not wait for it: it shows the last known state, and starts a
 * check in the background if that state is old.
 */
@Component("akiStatus")
public class AkiStatus {

	private static final Duration MAX_AGE = Duration.ofSeconds(10);

	private final boolean emulated;

	private final HealthContributorRegistry health;

	private final Executor executor;

	private final AtomicBoolean checking = new AtomicBoolean();

	private volatile @Nullable String failure;

	private volatile long checkedAt = System.nanoTime() - MAX_AGE.toNanos();

	AkiStatus(ObjectProvider<AkiEmulator> emulator, HealthContributorRegistry health,
			@Qualifier("applicationTaskExecutor") Executor executor) {
		this.emulated = emulator.getIfAvailable() != null;
		this.health = health;
		this.executor = executor;
	}

	public boolean isEmulated() {
		return this.emulated;
	}

	/**
	 * Return the reason why AKI.IO cannot process jobs.
	 * @return the reason; {@code null} if it can, or if the state is not known yet
	 */
	public @Nullable String failure() {
		if (System.nanoTime() - this.checkedAt >= MAX_AGE.toNanos() && this.checking.compareAndSet(false, true)) {
			this.executor.execute(this::check);
		}
		return this.failure;
	}

	private void check() {
		try {
			this.failure = (this.health.getContributor("aki") instanceof HealthIndicator indicator)
					? reason(indicator.health()) : null;
		}
		finally {
			this.checkedAt = System.nanoTime();
			this.checking.set(false);
		}
	}

	private static @Nullable String reason(@Nullable Health health) {
		if (health == null || health.getStatus().equals(Status.UP) || health.getStatus().equals(Status.UNKNOWN)) {
			return null;
		}
		Map<String, Object> details = health.getDetails();
		if (Boolean.FALSE.equals(details.get("keyValid"))) {
			return "the API key is not valid";
		}
		if (!health.getStatus().equals(Status.OUT_OF_SERVICE)) {
			return Boolean.TRUE.equals(details.get("reachable")) ? "requests fail" : "not reachable";
		}
		return (details.get("workersOnline") instanceof Integer workers && workers <= 0) ? "no worker online"
				: "the queue is full";
	}

}
