package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Finds the changes of other instances by a poll of the changed rows. It does not find
 * deleted tasks.
 */
final class PollingBroadcast implements ChangeBroadcast {

	private static final Log logger = LogFactory.getLog(PollingBroadcast.class);

	private static final Duration INTERVAL = Duration.ofMillis(500);

	/** A change becomes visible at its commit, which is later than its timestamp. */
	private static final Duration OVERLAP = Duration.ofSeconds(3);

	private static final int LIMIT = 1000;

	private final TaskStore store;

	private final DatabaseClock clock;

	PollingBroadcast(TaskStore store, DatabaseClock clock) {
		this.store = store;
		this.clock = clock;
	}

	@Override
	public void send(Collection<OwnedChange> changes) {
	}

	@Override
	public void receive(TaskChanges changes, CountDownLatch stopped) throws InterruptedException {
		Map<String, Instant> known = new HashMap<>();
		Instant since = this.clock.now();
		boolean missed = true;
		do {
			try {
				this.clock.synchronize();
				Instant now = this.clock.now();
				List<AkiTask> recent = this.store.changedSince(since.minus(OVERLAP), LIMIT);
				if (missed) {
					changes.publish(OwnedChange.RESET);
					missed = false;
				}
				Set<String> ids = new HashSet<>();
				for (AkiTask task : recent) {
					ids.add(task.id());
					if (!task.updatedAt().equals(known.put(task.id(), task.updatedAt()))) {
						changes.publish(OwnedChange.of(task));
					}
				}
				known.keySet().retainAll(ids);
				since = (recent.size() < LIMIT) ? now : recent.get(recent.size() - 1).updatedAt().plus(OVERLAP);
			}
			catch (RuntimeException ex) {
				logger.debug("The changes of other instances are not found, trying again", ex);
				missed = true;
			}
		}
		while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
	}

}
