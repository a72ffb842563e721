package io.aki.client;

import java.time.Duration;

/**
 * Numbers about the work of a client. They include the jobs and polls of its views and of
 * the clients that {@link AkiClient#mutate()} created from it. Each call returns the
 * current number. Thread-safe and cheap.
 *
 * @since 1.0.0
 * @see AkiClient#activity()
 */
public interface AkiActivity {

	/**
	 * Return how many jobs are followed. A request that waits on the server
	 * ({@link AkiClient#doApiRequest(java.util.Map)}) does not count.
	 * @return the number of jobs, 0 or more
	 */
	int jobsFollowed();

	/**
	 * Return how many polls have been sent and not answered yet.
	 * @return the number of polls, 0 or more
	 */
	int pollsInFlight();

	/**
	 * Return how many polls have been answered.
	 * @return the number of polls since the client was created
	 */
	long pollsAnswered();

	/**
	 * Return the total duration of the polls that have been answered.
	 * @return the sum of their durations
	 */
	Duration timeOfPollsAnswered();

	/**
	 * Return how many polls have failed, with an error status or without a usable
	 * response.
	 * @return the number of polls since the client was created
	 */
	long pollsFailed();

	/**
	 * Return the total duration of the polls that have failed.
	 * @return the sum of their durations
	 */
	Duration timeOfPollsFailed();

}
