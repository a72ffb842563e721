package io.aki.spring.boot.test;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a job with all values of a response.
 *
 * @param id the job's id
 * @param endpoint its endpoint
 * @param work its work
 * @param state its state
 * @param fraction its progress, from 0 to 1
 * @param queuePosition its position in the queue, from 1; 0 while it runs
 * @param estimate the seconds until it is done, -1 if unknown
 * @param workersOnline the number of workers of the endpoint
 * @param resultDue whether this response returns the result
 * @param accepted when it was accepted
 * @param started when a worker took it
 * @param ended when it ended
 */
record JobView(String id, Endpoint endpoint, Work work, JobState state, double fraction, int queuePosition,
		double estimate, int workersOnline, boolean resultDue, Instant accepted, @Nullable Instant started,
		@Nullable Instant ended) {

}
