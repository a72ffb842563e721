package io.aki.client;

import java.util.concurrent.locks.LockSupport;

/**
 * Follows a job in the thread that asked for it, until the job ends or the thread is
 * interrupted.
 */
final class CallerThreadDriver {

	private final BackgroundDriver background;

	CallerThreadDriver(BackgroundDriver background) {
		this.background = background;
	}

	AkiResult follow(FollowedJob job) {
		Thread caller = Thread.currentThread();
		job.onWake(() -> LockSupport.unpark(caller));
		while (!caller.isInterrupted()) {
			if (job.advance()) {
				return job.outcome();
			}
			waitUntilDue(job, caller);
		}
		AkiResult result = job.interrupt();
		this.background.follow(job);
		return result;
	}

	private static void waitUntilDue(FollowedJob job, Thread caller) {
		long nanos = job.nanosUntilDue();
		while (nanos > 0 && !caller.isInterrupted() && !job.ended().isDone()) {
			LockSupport.parkNanos(job, nanos);
			nanos = job.nanosUntilDue();
		}
	}

}
