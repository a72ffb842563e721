package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The work of a worker for one job. The values that it returns depend only on the
 * progress of the work.
 */
interface Work {

	/**
	 * Return the duration of the work at realistic speed.
	 */
	Duration duration();

	/**
	 * Return whether the work never ends. In that case {@link #duration()} is only used
	 * for the estimate in responses.
	 */
	default boolean endless() {
		return false;
	}

	/**
	 * Return whether the worker has disappeared.
	 */
	default boolean abandoned() {
		return false;
	}

	/**
	 * Return the latest progress report.
	 * @param fraction the progress, from 0 to 1
	 * @return the report, {@code null} if there is none yet
	 */
	@Nullable WorkProgress progress(double fraction);

	/**
	 * Return the values of the endpoint's outputs.
	 * @param fraction the progress when the job ended; it is less than 1 if the job was
	 * canceled
	 * @return the values by name
	 */
	Map<String, Object> output(double fraction);

}
