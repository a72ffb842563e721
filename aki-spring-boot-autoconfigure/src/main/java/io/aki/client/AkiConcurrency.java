package io.aki.client;

/**
 * How many jobs a client follows at the same time, and on how many threads.
 * <p>
 * A job that waits for its next poll holds no thread. An exchange with the server (the
 * start of a job, a poll) holds one of the poll threads until it is answered; exchanges
 * that the server is slow to answer hold no more than half of them, so that the other
 * jobs go on: beyond that a poll is given up after a second, or ten times what answers
 * take at that time, and repeated later with all the time that it may have. Callbacks,
 * subscribers and what depends on {@link AkiJob#result()} have threads of their own, of
 * which more are made while all of them are held. Threads come when they are needed and
 * go when they are not.
 *
 * @param maxJobs how many jobs are followed at most; a request for one more is refused
 * with a {@link org.springframework.core.task.TaskRejectedException}
 * @param pollThreads how many threads make exchanges
 * @param callbackThreads how many threads run callbacks at most
 * @param virtualThreads whether the threads are virtual ones, where the JVM has them (21
 * or later)
 */
public record AkiConcurrency(int maxJobs, int pollThreads, int callbackThreads, boolean virtualThreads) {

	/**
	 * The default: 10,000 jobs, 16 poll threads and up to 64 callback threads, which is
	 * enough for 2 processors.
	 */
	public static final AkiConcurrency DEFAULT = new AkiConcurrency(10_000, 16, 64, false);

	/**
	 * The default with virtual threads: 10,000 jobs, 256 exchanges at the same time, and
	 * a thread for each callback that runs, up to 10,000.
	 */
	public static final AkiConcurrency VIRTUAL = new AkiConcurrency(10_000, 256, 10_000, true);

	/**
	 * Create limits.
	 * @param maxJobs how many jobs are followed at most, 1 or more
	 * @param pollThreads how many threads make exchanges, 4 or more
	 * @param callbackThreads how many threads run callbacks at most, 1 or more
	 * @param virtualThreads whether the threads are virtual ones, where the JVM has them
	 */
	public AkiConcurrency {
		AkiSettingException.check(maxJobs >= 1, "concurrency.maxJobs", "must be at least 1 but is " + maxJobs);
		AkiSettingException.check(pollThreads >= 4, "concurrency.pollThreads",
				"must be at least 4, so that exchanges that stall do not hold all of them, but is " + pollThreads);
		AkiSettingException.check(callbackThreads >= 1, "concurrency.callbackThreads",
				"must be at least 1 but is " + callbackThreads);
	}

}
