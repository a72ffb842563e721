package io.aki.spring.boot.test;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A job as it stands at one moment: all that an answer about it is made of.
 *
 * @param id the job's id
 * @param endpoint its endpoint
 * @param work what is being done
 * @param state how far it is
 * @param fraction how much of the work is done, from 0 to 1
 * @param queuePosition its place in the queue, from 1; 0 once it runs
 * @param estimate the seconds until it is done, -1 if nobody can tell
 * @param workersOnline how many workers the endpoint has
 * @param resultDue whether this is the answer that hands out the result
 * @param accepted when it came
 * @param started when a worker took it
 * @param ended when it ended
 */
record JobView(String id, Endpoint endpoint, Work work, JobState state, double fraction, int queuePosition,
		double estimate, int workersOnline, boolean resultDue, Instant accepted, @Nullable Instant started,
		@Nullable Instant ended) {

}
