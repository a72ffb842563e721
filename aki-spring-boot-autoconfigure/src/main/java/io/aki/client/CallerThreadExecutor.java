package io.aki.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Runs the callback of a job in the thread that waits for the end of the job.
 */
final class CallerThreadExecutor implements Executor {

	private final BlockingQueue<Runnable> actions = new LinkedBlockingQueue<>();

	@Override
	public void execute(Runnable action) {
		this.actions.add(action);
	}

	/**
	 * Wait for the end of a job and run its callback meanwhile.
	 */
	void awaitEnd(DefaultAkiJob job) throws InterruptedException {
		job.ended().thenRun(() -> execute(() -> {
		}));
		while (!job.ended().isDone()) {
			this.actions.take().run();
		}
	}

}
