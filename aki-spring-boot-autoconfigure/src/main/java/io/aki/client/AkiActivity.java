package io.aki.client;

import java.time.Duration;

/**
 * What a client is doing, in numbers: a live view that is cheap to read from any thread.
 * It covers all jobs and polls over the same connections, those of views and of clients
 * made with {@link AkiClient#mutate()} included.
 *
 * @since 1.0.0
 * @see AkiClient#activity()
 */
public interface AkiActivity {

	/**
	 * Return how many jobs are being followed. A request that waits on the server
	 * ({@link AkiClient#doApiRequest(java.util.Map)}) is none of them.
	 * @return the number of jobs, 0 or more
	 */
	int jobsFollowed();

	/**
	 * Return how many polls are on their way.
	 * @return the number of polls, 0 or more
	 */
	int pollsInFlight();

	/**
	 * Return how many polls have been answered.
	 * @return the number of polls since the client was made
	 */
	long pollsAnswered();

	/**
	 * Return how long the polls that were answered have taken.
	 * @return the sum of their times
	 */
	Duration timeOfPollsAnswered();

	/**
	 * Return how many polls have failed: no usable answer came, or an error.
	 * @return the number of polls since the client was made
	 */
	long pollsFailed();

	/**
	 * Return how long the polls that failed have taken.
	 * @return the sum of their times
	 */
	Duration timeOfPollsFailed();

}
