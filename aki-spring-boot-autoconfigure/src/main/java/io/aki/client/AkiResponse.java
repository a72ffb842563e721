package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * A response of AKI.IO, which is a success or a failure.
 *
 * @since 1.0.0
 */
public interface AkiResponse {

	/**
	 * Return whether the request succeeded.
	 * @return {@code false} for every failure, including an error of the worker
	 */
	boolean success();

	/**
	 * Return the error message. Several messages of the server are joined with
	 * {@code "; "}.
	 * @return the message, or {@code null} on success
	 */
	@Nullable String error();

	/**
	 * Return the HTTP status of a failure.
	 * @return a status of 400 or more, or {@code null} if there was none
	 */
	@Nullable Integer errorCode();

	/**
	 * Return this response if it is a success, or throw an exception.
	 * @return this response
	 * @throws AkiException if this is a failure; the subclass identifies its kind
	 */
	AkiResponse orThrow();

}
