package io.aki.spring.boot.test;

import java.util.Locale;

/**
 * The state of a job.
 */
enum JobState {

	QUEUED, PROCESSING, DONE, CANCELED, LAPSED;

	boolean ended() {
		return compareTo(PROCESSING) > 0;
	}

	/**
	 * Return whether the job has a result.
	 */
	boolean hasResult() {
		return this == DONE || this == CANCELED;
	}

	/**
	 * Return the name of the state in a response.
	 */
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
