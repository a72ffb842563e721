package io.aki.spring.boot.test;

import java.time.Duration;
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

	/**
	 * Sets the clock to another time.
	 * @param duration how far on, or back if it is negative
	 */
	void jump(Duration duration);

}
