package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Deletes tasks that have ended long ago, in small transactions.
 */
final class TaskCleanup {

	static final String NAME = "aki-task-cleanup";

	/** How often one instance cleans up. */
	static final Duration INTERVAL = Duration.ofMinutes(10);

	private static final Log logger = LogFactory.getLog(TaskCleanup.class);

	private static final int BATCH_SIZE = 200;

	/** A clean-up deletes at most so many tasks. The next one continues. */
	private static final int BATCHES_MAX = 500;

	private final TaskStore store;

	private final DatabaseClock clock;

	private final AkiTasksProperties.Retention retention;

	TaskCleanup(TaskStore store, DatabaseClock clock, AkiTasksProperties.Retention retention) {
		this.store = store;
		this.clock = clock;
		this.retention = retention;
	}

	void run() {
		int deleted = delete(AkiTaskState.COMPLETED, this.retention.completed())
				+ delete(AkiTaskState.FAILED, this.retention.failed())
				+ delete(AkiTaskState.CANCELED, this.retention.canceled());
		if (deleted > 0) {
			logger.info("Deleted " + deleted + " tasks whose retention period is over");
		}
	}

	private int delete(AkiTaskState state, Duration period) {
		if (period.isZero()) {
			return 0;
		}
		Instant time = this.clock.now().minus(period);
		int deleted = 0;
		for (int batch = 0; batch < BATCHES_MAX; batch++) {
			List<String> ids = this.store.endedBefore(state, time, BATCH_SIZE);
			if (ids.isEmpty()) {
				break;
			}
			deleted += this.store.deleteAll(ids, state, time);
		}
		return deleted;
	}

}
