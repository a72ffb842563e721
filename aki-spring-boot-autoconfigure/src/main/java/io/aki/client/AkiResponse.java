package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * An answer of AKI.IO, good or bad.
 *
 * @since 1.0.0
 */
public interface AkiResponse {

	/**
	 * Return whether the request succeeded.
	 * @return {@code false} for every failure, the worker's own ones included
	 */
	boolean success();

	/**
	 * Return what went wrong. Several messages of the server are joined with
	 * {@code "; "}.
	 * @return the message, or {@code null} on success
	 */
	@Nullable String error();

	/**
	 * Return the HTTP status of a failure.
	 * @return a status of 400 or more, or {@code null} where there was none
	 */
	@Nullable Integer errorCode();

	/**
	 * Return this answer if it is a success.
	 * @return this answer
	 * @throws AkiException the failure as an exception
	 */
	AkiResponse orThrow();

}
