package io.aki.spring.boot.test;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The work of a worker for one job. Its values depend only on its progress.
 */
interface Work {

	/**
	 * Return the duration at realistic speed.
	 */
	Duration duration();

	/**
	 * Return whether the work never ends. Its duration is then the estimate of the
	 * server.
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
	 * @param fraction the progress when the job ended, less than 1 if it was canceled
	 * @return the values
	 */
	Map<String, Object> output(double fraction);

}
