package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;

/**
 * The time that jobs use.
 */
interface Timeline {

	Instant now();

	/**
	 * Schedule an action.
	 * @param time the earliest time
	 * @param action the action
	 */
	void at(Instant time, Runnable action);

	/**
	 * Change the clock.
	 * @param duration the difference, which may be negative
	 */
	void jump(Duration duration);

}
