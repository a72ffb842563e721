package io.aki.spring.boot.tasks;

import java.util.Collection;
import java.util.concurrent.CountDownLatch;

/**
 * Exchanges the changes of tasks with the other instances.
 */
interface ChangeBroadcast {

	/**
	 * Send changes to the other instances, when the current transaction is committed.
	 */
	void send(Collection<OwnedChange> changes);

	/**
	 * Pass the changes of other instances to this instance.
	 * @param stopped ends the method. The thread is not interrupted, because that would
	 * close a database of H2
	 */
	void receive(TaskChanges changes, CountDownLatch stopped) throws InterruptedException;

}
