package io.aki.spring.boot.test;

import java.time.Instant;

/**
 * The time by which jobs progress.
 */
interface Timeline {

	Instant now();

	/**
	 * Sees to it that something is done no sooner than at a given time.
	 * @param time when
	 * @param action what
	 */
	void at(Instant time, Runnable action);

}
