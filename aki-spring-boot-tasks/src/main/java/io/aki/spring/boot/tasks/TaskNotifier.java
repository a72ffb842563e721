package io.aki.spring.boot.tasks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Announces the changes of the current transaction after its commit: as application
 * events, and to the subscribers of this and of all other instances.
 */
final class TaskNotifier {

	private static final Log logger = LogFactory.getLog(TaskNotifier.class);

	private final TaskChanges changes;

	private final ChangeBroadcast broadcast;

	private final ApplicationEventPublisher events;

	TaskNotifier(TaskChanges changes, ChangeBroadcast broadcast, ApplicationEventPublisher events) {
		this.changes = changes;
		this.broadcast = broadcast;
		this.events = events;
	}

	void stateChanged(AkiTask task) {
		current().events.add(new AkiTaskEvent(task));
		changed(OwnedChange.of(task));
	}

	/**
	 * Something other than the state has changed.
	 */
	void changed(OwnedChange change) {
		current().changes.put(change.change().id(), change);
	}

	void afterCommit(Runnable action) {
		current().actions.add(action);
	}

	/**
	 * Return what is known of the current transaction.
	 */
	private Transaction current() {
		for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
			if (synchronization instanceof Transaction transaction && transaction.isOf(this) && !transaction.isDone()) {
				return transaction;
			}
		}
		Transaction transaction = new Transaction();
		TransactionSynchronizationManager.registerSynchronization(transaction);
		return transaction;
	}

	private final class Transaction implements TaskDatabase.Commit {

		private final List<AkiTaskEvent> events = new ArrayList<>();

		private final Map<String, OwnedChange> changes = new LinkedHashMap<>();

		private final List<Runnable> actions = new ArrayList<>();

		private boolean done;

		@Override
		public boolean isDone() {
			return this.done;
		}

		boolean isOf(TaskNotifier notifier) {
			return notifier == TaskNotifier.this;
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			TaskNotifier.this.broadcast.send(this.changes.values());
		}

		@Override
		public void afterCommit() {
			this.done = true;
			this.changes.values().forEach(TaskNotifier.this.changes::publish);
			this.events.forEach((event) -> quietly(() -> TaskNotifier.this.events.publishEvent(event)));
			this.actions.forEach(Transaction::quietly);
		}

		/**
		 * The change is committed: an exception of a listener must not look as if it was
		 * not.
		 */
		private static void quietly(Runnable action) {
			try {
				action.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("A listener of the changes of tasks has failed", ex);
			}
		}

	}

}
