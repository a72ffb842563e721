package io.aki.spring.boot.test;

import java.util.Locale;

/**
 * How far a job is.
 */
enum JobState {

	QUEUED, PROCESSING, DONE, CANCELED, LAPSED;

	boolean ended() {
		return compareTo(PROCESSING) > 0;
	}

	/**
	 * Whether there is a result to hand out.
	 */
	boolean hasResult() {
		return this == DONE || this == CANCELED;
	}

	/**
	 * The state as it stands in an answer.
	 */
	String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
