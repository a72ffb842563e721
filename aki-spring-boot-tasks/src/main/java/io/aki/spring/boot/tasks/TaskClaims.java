package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.aki.client.AkiRequestGuard;
import io.aki.client.AkiStartRequest;
import org.jspecify.annotations.Nullable;

/**
 * Claims tasks for this instance.
 */
final class TaskClaims {

	private final TaskDatabase database;

	private final TaskStore store;

	private final TaskNotifier notifier;

	private final RunningTasks running;

	private final String instance;

	TaskClaims(TaskDatabase database, TaskStore store, TaskNotifier notifier, RunningTasks running, String instance) {
		this.database = database;
		this.store = store;
		this.notifier = notifier;
		this.running = running;
		this.instance = instance;
	}

	/**
	 * Return a claim, which is not made yet.
	 * @param task the task as it was read
	 * @param version the version of its row in the queue
	 * @param unknown whether another instance may have started a job that is not known
	 */
	Claim of(TaskRow task, long version, boolean unknown) {
		return new Claim(task, version, unknown);
	}

	/**
	 * The claim of a task. As the last guard of a client, it claims the task after the
	 * guards of the application have allowed its start, and before anything is sent. A
	 * refused start therefore writes nothing and is no attempt. Used by one thread, until
	 * the task is claimed.
	 */
	final class Claim implements AkiRequestGuard {

		private final TaskRow row;

		private final long version;

		private final boolean unknown;

		private @Nullable RunningTask task;

		private Duration waited = Duration.ZERO;

		private Claim(TaskRow row, long version, boolean unknown) {
			this.row = row;
			this.version = version;
			this.unknown = unknown;
		}

		@Override
		public void beforeStart(AkiStartRequest request) {
			claim(true);
		}

		/**
		 * Return the claimed task. It is claimed now if that was not done before.
		 * @throws TaskChangedException if it cannot be claimed any more
		 */
		RunningTask task() {
			RunningTask claimed = this.task;
			return (claimed != null) ? claimed : claim(false);
		}

		private RunningTask claim(boolean starts) {
			TaskRow claimed = TaskClaims.this.database.inBackground(() -> store(starts))
				.orElseThrow(TaskChangedException::new);
			RunningTask task = new RunningTask(claimed);
			if (!TaskClaims.this.running.add(task)) {
				if (!this.unknown && claimed.jobId() == null) {
					unclaim(claimed);
				}
				throw new TaskChangedException();
			}
			this.task = task;
			return task;
		}

		private Optional<TaskRow> store(boolean starts) {
			Optional<TaskRow> claimed = TaskClaims.this.store.claim(this.row, TaskClaims.this.instance, this.version);
			if (claimed.isPresent() && starts && wasPending()) {
				TaskClaims.this.store.find(this.row.key().id(), null).ifPresent((stored) -> {
					this.waited = Duration.between(stored.createdAt(), startedAt(stored));
					TaskClaims.this.notifier.stateChanged(stored);
				});
			}
			return claimed;
		}

		private static Instant startedAt(AkiTask task) {
			return (task.startedAt() != null) ? task.startedAt() : task.createdAt();
		}

		/**
		 * Return whether the task was pending before.
		 */
		boolean wasPending() {
			return this.row.state() == AkiTaskState.PENDING;
		}

		/**
		 * Return how long the task was pending.
		 */
		Duration waited() {
			return this.waited;
		}

		/**
		 * Stop the execution of the task, if it was claimed. A task whose job was not
		 * started is pending again.
		 */
		void release() {
			RunningTask task = this.task;
			if (task == null) {
				return;
			}
			TaskClaims.this.running.remove(task);
			if (task.row().jobId() == null) {
				unclaim(task.row());
			}
		}

		private void unclaim(TaskRow task) {
			TaskClaims.this.database.inBackground(() -> {
				boolean unclaimed = TaskClaims.this.store.unclaim(task);
				if (unclaimed) {
					TaskClaims.this.store.find(task.key().id(), null).ifPresent(TaskClaims.this.notifier::stateChanged);
				}
				return unclaimed;
			});
		}

	}

	/**
	 * The task has changed since it was read, or this instance stops.
	 */
	static final class TaskChangedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
