package io.aki.spring.boot.test;

import java.time.Duration;
import java.time.Instant;

/**
 * Provides the time of the emulator, and runs actions at a given time.
 */
interface Timeline {

	Instant now();

	/**
	 * Schedule an action.
	 * @param time the earliest time at which the action runs
	 * @param action the action
	 */
	void at(Instant time, Runnable action);

	/**
	 * Change the clock.
	 * @param duration the difference, which may be negative
	 */
	void jump(Duration duration);

}
