package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * The events of a job that one reader has not read. Newer events replace older ones, so
 * that a slow reader needs no buffer. Not thread-safe.
 *
 * @param <T> the type of the elements that the reader gets
 */
interface UnreadEvents<T> {

	/**
	 * Add the newest progress.
	 */
	void add(AkiProgress progress);

	/**
	 * Add the result.
	 */
	void add(AkiResult result);

	/**
	 * Return the exception that ends the reader after the last element.
	 * @param failure the exception with which the future result ends, if any
	 * @return the exception, or {@code null} for a normal end
	 */
	@Nullable Throwable failure(AkiResult result, @Nullable Throwable failure);

	/**
	 * Return whether there is nothing to read.
	 */
	boolean isEmpty();

	/**
	 * Return the next element and remove it.
	 * @return the element, or {@code null} if there is nothing to read
	 */
	@Nullable T poll();

	/**
	 * Remove everything.
	 */
	void clear();

}
