package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * A reader of a job's events. Thread-safe.
 */
interface JobReader {

	void add(AkiProgress progress);

	/**
	 * Add the end of the job.
	 * @param result the result, {@code null} if the reader itself ends the stream
	 * @param failure the exception for readers of progress, if any
	 */
	void end(@Nullable AkiResult result, @Nullable Throwable failure);

	/**
	 * Deliver the events that were added.
	 */
	void wake();

}
