package io.aki.spring.boot.tasks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Passes the changes of tasks to the subscribers. The changes of other instances are
 * received only while there are subscribers.
 */
final class TaskChanges {

	private final Set<ChangeSubscription> subscriptions = ConcurrentHashMap.newKeySet();

	private final Object monitor = new Object();

	/** A subscriber that blocks needs a thread of its own. */
	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS,
			new SynchronousQueue<>(), TaskThreads.factory("aki-tasks-subscriber-"));

	private @Nullable ChangeBroadcast broadcast;

	private @Nullable CountDownLatch receiver;

	private boolean receiving;

	private boolean closed;

	/**
	 * Set what receives the changes of other instances.
	 */
	void receiveFrom(ChangeBroadcast broadcast) {
		this.broadcast = broadcast;
	}

	/**
	 * Return a publisher.
	 * @param owner the owner of the tasks, or {@code null} for the tasks of all owners
	 */
	Flow.Publisher<AkiTaskChange> publisher(@Nullable String owner) {
		return (subscriber) -> {
			ChangeSubscription subscription = new ChangeSubscription(subscriber, owner, this::remove, this.executor);
			synchronized (this.monitor) {
				if (!this.closed) {
					this.subscriptions.add(subscription);
					if (this.receiving) {
						subscription.offer(OwnedChange.RESET);
					}
					if (this.receiver == null && this.broadcast != null) {
						this.receiver = start(this.broadcast);
					}
				}
				else {
					subscription.complete();
				}
			}
			subscription.start();
		};
	}

	private CountDownLatch start(ChangeBroadcast broadcast) {
		CountDownLatch stopped = new CountDownLatch(1);
		Thread thread = new Thread(() -> {
			try {
				broadcast.receive(this, stopped);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "aki-tasks-changes");
		thread.setDaemon(true);
		thread.start();
		return stopped;
	}

	private void remove(ChangeSubscription subscription) {
		synchronized (this.monitor) {
			if (this.subscriptions.remove(subscription) && this.subscriptions.isEmpty()) {
				stopReceiver();
			}
		}
	}

	private void stopReceiver() {
		if (this.receiver != null) {
			this.receiver.countDown();
			this.receiver = null;
			this.receiving = false;
		}
	}

	/**
	 * Pass a change to the subscribers. {@link OwnedChange#RESET} says that the changes
	 * of other instances are received from now on.
	 */
	void publish(OwnedChange change) {
		if (change == OwnedChange.RESET) {
			synchronized (this.monitor) {
				this.receiving = this.receiver != null;
				this.subscriptions.forEach((subscription) -> subscription.offer(change));
			}
			return;
		}
		this.subscriptions.forEach((subscription) -> subscription.offer(change));
	}

	/**
	 * Complete all subscriptions.
	 */
	void close() {
		synchronized (this.monitor) {
			this.closed = true;
			stopReceiver();
			this.subscriptions.forEach(ChangeSubscription::complete);
			this.subscriptions.clear();
			this.executor.shutdown();
		}
	}

}
