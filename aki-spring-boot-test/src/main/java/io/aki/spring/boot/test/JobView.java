package io.aki.spring.boot.test;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a job with all values that a response needs.
 *
 * @param id the job's id
 * @param endpoint the job's endpoint
 * @param work the job's work
 * @param state the job's state
 * @param fraction the progress, from 0 to 1
 * @param queuePosition the position in the queue, from 1; 0 if the job does not wait
 * @param estimate the estimated seconds until the job is done, -1 if unknown
 * @param workersOnline the number of online workers of the endpoint
 * @param resultDue whether the response returns the result
 * @param accepted when the job was accepted
 * @param started when a worker started the job, {@code null} if no worker has started it
 * @param ended when the job ended, {@code null} if it has not ended
 */
record JobView(String id, Endpoint endpoint, Work work, JobState state, double fraction, int queuePosition,
		double estimate, int workersOnline, boolean resultDue, Instant accepted, @Nullable Instant started,
		@Nullable Instant ended) {

}
