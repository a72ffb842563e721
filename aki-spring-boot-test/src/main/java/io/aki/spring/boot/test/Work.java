package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a worker does for one job. It has no time of its own: what it says follows from
 * how much of it is done.
 */
interface Work {

	/**
	 * How long it takes at life-like speed.
	 */
	Duration duration();

	/**
	 * Whether it goes on for ever. Its duration is then what the server expects.
	 */
	default boolean endless() {
		return false;
	}

	/**
	 * Whether the worker that did it is no longer there.
	 */
	default boolean abandoned() {
		return false;
	}

	/**
	 * What the worker has reported so far.
	 * @param fraction how much is done, from 0 to 1
	 * @return the report, null if there was none yet
	 */
	@Nullable WorkProgress progress(double fraction);

	/**
	 * What the endpoint's output fields hold.
	 * @param fraction how much was done when the job ended: less than 1 if it was
	 * canceled
	 * @return the fields
	 */
	Map<String, Object> output(double fraction);

}
