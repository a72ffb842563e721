package io.aki.spring.boot.tasks;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Flow;

import io.aki.client.AkiBinary;
import io.aki.client.AkiJob;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * {@link AkiTasks} in a database. Each method that changes a task is one transaction that
 * includes the queue.
 */
final class JdbcAkiTasks implements AkiTasks {

	private static final int METADATA_LENGTH_MAX = 4000;

	private final TaskDatabase database;

	private final TaskStore store;

	private final TaskQueue queue;

	private final TaskNotifier notifier;

	private final TaskChanges changes;

	private final TaskWaker waker;

	private final RunningTasks running;

	private final TaskCounters counters;

	private final AkiTasksProperties properties;

	private final @Nullable String owner;

	JdbcAkiTasks(TaskDatabase database, TaskStore store, TaskQueue queue, TaskNotifier notifier, TaskChanges changes,
			TaskWaker waker, RunningTasks running, TaskCounters counters, AkiTasksProperties properties,
			@Nullable String owner) {
		this.database = database;
		this.store = store;
		this.queue = queue;
		this.notifier = notifier;
		this.changes = changes;
		this.waker = waker;
		this.running = running;
		this.counters = counters;
		this.properties = properties;
		this.owner = owner;
	}

	@Override
	public String submit(AkiTaskRequest request) {
		Assert.notNull(request, "'request' must not be null");
		AkiTaskRequest owned = (this.owner != null) ? request.owner(this.owner) : request;
		String params = TaskJson.writeParams(owned.params());
		checkMetadata(owned);
		Outcome outcome = this.database.inTransaction(() -> submit(owned, params));
		// thrown here, because it would roll back the caller's transaction inside
		return outcome.orThrow();
	}

	private Outcome submit(AkiTaskRequest request, String params) {
		Optional<Outcome> repeated = repeated(request, params);
		if (repeated.isPresent()) {
			return repeated.get();
		}
		AkiTaskLimitException limit = limit(request.owner());
		if (limit != null) {
			return new Outcome(null, limit);
		}
		TaskKey key = new TaskKey(UUID.randomUUID().toString(), 1);
		if (!this.store.insert(key, request, params)) {
			// the same request was stored at the same time
			return repeated(request, params).orElseThrow();
		}
		enqueue(key);
		this.notifier.afterCommit(this.counters::submitted);
		return new Outcome(key.id(), null);
	}

	private Optional<Outcome> repeated(AkiTaskRequest request, String params) {
		if (request.idempotencyKey() == null) {
			return Optional.empty();
		}
		return this.store.repeated(request).map((task) -> {
			if (task.endpoint().equals(request.endpoint())
					&& TaskJson.read(task.params()).equals(TaskJson.read(params))) {
				return new Outcome(task.id(), null);
			}
			return new Outcome(null,
					new IllegalArgumentException("The idempotency key '" + request.idempotencyKey()
							+ "' was used for another request, which is task " + task.id()
							+ ": use a new key for another endpoint or other parameters"));
		});
	}

	private static void checkMetadata(AkiTaskRequest request) {
		int length = TaskJson.write("metadata", request.metadata()).length();
		Assert.isTrue(length <= METADATA_LENGTH_MAX,
				() -> "'metadata' must have at most " + METADATA_LENGTH_MAX + " characters as JSON, not " + length);
	}

	private @Nullable AkiTaskLimitException limit(@Nullable String owner) {
		int max = this.properties.maxUnfinished();
		if (this.store.hasUnfinished(null, max)) {
			return new AkiTaskLimitException("There are " + max + " unfinished tasks, which is the limit"
					+ " 'aki.io.tasks.max-unfinished': submit the task when others have ended, or increase it");
		}
		int maxOfOwner = this.properties.maxUnfinishedPerOwner();
		if (owner != null && maxOfOwner < max && this.store.hasUnfinished(owner, maxOfOwner)) {
			return new AkiTaskLimitException("The owner has " + maxOfOwner + " unfinished tasks, which is the limit"
					+ " 'aki.io.tasks.max-unfinished-per-owner': submit the task when others have ended, or increase"
					+ " it");
		}
		return null;
	}

	private void enqueue(TaskKey key) {
		this.queue.add(key);
		changed(key.id());
		this.notifier.afterCommit(this.waker::wake);
	}

	private void changed(String id) {
		this.store.find(id, null).ifPresent(this.notifier::stateChanged);
	}

	@Override
	public Optional<AkiTask> find(String id) {
		checkId(id);
		return this.store.find(id, this.owner);
	}

	@Override
	public AkiTaskPage find(AkiTaskQuery query) {
		Assert.notNull(query, "'query' must not be null");
		if (this.owner != null && query.owner() != null && !this.owner.equals(query.owner())) {
			return new AkiTaskPage(List.of(), query.page(), query.size(), 0);
		}
		return this.store.find((this.owner != null) ? query.owner(this.owner) : query);
	}

	@Override
	public Map<AkiTaskState, Long> counts() {
		return this.store.counts(this.owner);
	}

	@Override
	public boolean cancel(String id) {
		checkId(id);
		return this.database.inTransaction(() -> {
			if (cancelPending(id)) {
				return true;
			}
			if (!this.store.requestCancel(id, this.owner)) {
				// it may have become pending again in between
				return cancelPending(id);
			}
			this.store.find(id, null).map(OwnedChange::of).ifPresent(this.notifier::changed);
			this.notifier.afterCommit(() -> cancelHere(id));
			return true;
		});
	}

	private boolean cancelPending(String id) {
		boolean canceled = this.store.cancelPending(id, this.owner);
		if (canceled) {
			this.queue.remove(this.store.key(id));
			changed(id);
			this.notifier.afterCommit(() -> this.counters.ended(AkiTaskState.CANCELED));
		}
		return canceled;
	}

	/**
	 * Cancel the job at once if this instance follows it. Other instances read the
	 * request from the database.
	 */
	private void cancelHere(String id) {
		RunningTask task = this.running.get(id);
		// a savepoint of the caller may have been rolled back
		if (task != null && this.store.find(id, null).map(AkiTask::cancelRequested).orElse(false)) {
			task.cancel();
		}
	}

	@Override
	public boolean retry(String id) {
		checkId(id);
		Outcome outcome = this.database.inTransaction(() -> {
			AkiTask task = this.store.find(id, this.owner).orElse(null);
			if (task == null || (task.state() != AkiTaskState.FAILED && task.state() != AkiTaskState.CANCELED)) {
				return Outcome.NOTHING;
			}
			AkiTaskLimitException limit = limit(task.owner());
			if (limit != null) {
				return new Outcome(null, limit);
			}
			if (!this.store.reset(id, this.owner)) {
				return Outcome.NOTHING;
			}
			enqueue(this.store.key(id));
			return new Outcome(id, null);
		});
		return !outcome.orThrow().isEmpty();
	}

	@Override
	public boolean delete(String id) {
		checkId(id);
		return this.database.inTransaction(() -> {
			Optional<AkiTask> task = this.store.find(id, this.owner);
			if (task.isEmpty() || !this.store.delete(id, this.owner)) {
				return false;
			}
			this.notifier.changed(
					new OwnedChange(Objects.requireNonNullElse(task.get().owner(), ""), new AkiTaskChange(id, null)));
			return true;
		});
	}

	@Override
	public Optional<AkiResult> result(String id) {
		checkId(id);
		return this.store.result(id, this.owner);
	}

	@Override
	public Optional<AkiBinary> binary(String id, int index) {
		checkId(id);
		return this.store.binary(id, index, this.owner);
	}

	@Override
	public Optional<AkiResult> resultWithoutBinaries(String id) {
		checkId(id);
		return this.store.resultWithoutBinaries(id, this.owner);
	}

	@Override
	public Optional<AkiStoredBinary> storedBinary(String id, int index) {
		checkId(id);
		return this.store.storedBinary(id, index, this.owner);
	}

	@Override
	public Optional<AkiJob> job(String id) {
		checkId(id);
		RunningTask task = this.running.get(id);
		return (task != null && (this.owner == null || this.owner.equals(task.row().owner())))
				? Optional.ofNullable(task.job()) : Optional.empty();
	}

	@Override
	public Flow.Publisher<AkiTaskChange> changes() {
		return this.changes.publisher(this.owner);
	}

	@Override
	public AkiTasks forOwner(String owner) {
		AkiTaskRequest.checkText("owner", owner);
		if (this.owner != null && !this.owner.equals(owner)) {
			throw new IllegalStateException("These tasks are restricted to another owner already");
		}
		return new JdbcAkiTasks(this.database, this.store, this.queue, this.notifier, this.changes, this.waker,
				this.running, this.counters, this.properties, owner);
	}

	private static void checkId(String id) {
		Assert.notNull(id, "'id' must not be null");
	}

	/**
	 * The outcome of a change.
	 *
	 * @param id the task's id; empty if nothing was changed
	 * @param refusal why the change was refused
	 */
	private record Outcome(@Nullable String id, @Nullable RuntimeException refusal) {

		static final Outcome NOTHING = new Outcome("", null);

		String orThrow() {
			if (this.refusal != null) {
				throw this.refusal;
			}
			return Objects.requireNonNull(this.id);
		}

	}

}
