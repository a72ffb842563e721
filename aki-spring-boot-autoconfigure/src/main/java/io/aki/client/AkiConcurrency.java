package io.aki.client;

/**
 * The number of jobs that a client follows at the same time, and the number of its
 * threads.
 * <p>
 * A job that waits for its next poll uses no thread. Each exchange with the server (the
 * request that starts a job, a poll) uses one thread until its response is read.
 * Callbacks, subscribers and functions that are registered on {@link AkiJob#result()} use
 * other threads. There are 16 threads for exchanges and 6 for callbacks. If an exchange
 * or a callback has waited for 50 ms, threads are added, up to the limit, unless the
 * processors are busy and more threads would not help. Exchanges beyond the limit wait
 * before they are sent, so that nothing is lost. Cancel requests are sent first. Threads
 * that are no longer needed end.
 *
 * @param maxJobs the maximum number of jobs. A request for one more is rejected with a
 * {@link AkiTaskRejectedException}
 * @param pollThreads the maximum number of threads for exchanges
 * @param callbackThreads the maximum number of threads for callbacks
 * @param virtualThreads whether to use virtual threads, where the JVM has them (21 or
 * later)
 * @since 1.0.0
 */
public record AkiConcurrency(int maxJobs, int pollThreads, int callbackThreads, boolean virtualThreads) {

	/**
	 * The default: 10,000 jobs, and up to 256 threads for exchanges and 256 for
	 * callbacks.
	 */
	public static final AkiConcurrency DEFAULT = new AkiConcurrency(10_000, 256, 256, false);

	/**
	 * The default with virtual threads: 10,000 jobs, 256 exchanges at the same time, and
	 * a thread for each callback that runs, up to 10,000.
	 */
	public static final AkiConcurrency VIRTUAL = new AkiConcurrency(10_000, 256, 10_000, true);

	/**
	 * Create limits.
	 * @param maxJobs the maximum number of jobs, 1 or more
	 * @param pollThreads the maximum number of threads for exchanges, 1 or more
	 * @param callbackThreads the maximum number of threads for callbacks, 1 or more
	 * @param virtualThreads whether to use virtual threads, where the JVM has them
	 * @throws AkiSettingException if a number is less than 1
	 */
	public AkiConcurrency {
		check(maxJobs, "concurrency.maxJobs");
		check(pollThreads, "concurrency.pollThreads");
		check(callbackThreads, "concurrency.callbackThreads");
	}

	/**
	 * Return these limits with another maximum number of jobs.
	 * @param maxJobs the maximum number of jobs, 1 or more
	 * @return the limits
	 */
	public AkiConcurrency withMaxJobs(int maxJobs) {
		return new AkiConcurrency(maxJobs, this.pollThreads, this.callbackThreads, this.virtualThreads);
	}

	/**
	 * Return these limits with another maximum number of threads for exchanges.
	 * @param pollThreads the maximum number of threads, 1 or more
	 * @return the limits
	 */
	public AkiConcurrency withPollThreads(int pollThreads) {
		return new AkiConcurrency(this.maxJobs, pollThreads, this.callbackThreads, this.virtualThreads);
	}

	/**
	 * Return these limits with another maximum number of threads for callbacks.
	 * @param callbackThreads the maximum number of threads, 1 or more
	 * @return the limits
	 */
	public AkiConcurrency withCallbackThreads(int callbackThreads) {
		return new AkiConcurrency(this.maxJobs, this.pollThreads, callbackThreads, this.virtualThreads);
	}

	/**
	 * Return these limits with virtual or platform threads. The numbers stay.
	 * @param virtualThreads whether to use virtual threads, where the JVM has them
	 * @return the limits
	 * @see #VIRTUAL
	 */
	public AkiConcurrency withVirtualThreads(boolean virtualThreads) {
		return new AkiConcurrency(this.maxJobs, this.pollThreads, this.callbackThreads, virtualThreads);
	}

	private static void check(int number, String setting) {
		AkiSettingException.check(number >= 1, setting, "must be at least 1 but is " + number);
	}

}
