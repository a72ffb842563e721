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
	 * Return whether there is a result.
	 */
	boolean hasResult() {
		return this == DONE || this == CANCELED;
	}

	/**
	 * Return the state as it is written in a response.
	 */
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
