package io.aki.client.http;

/**
 * Why an exchange brought no response of the API.
 *
 * @since 1.0.0
 */
public enum ExchangeFailure {

	/**
	 * No connection was made, so that the server cannot have seen the request.
	 */
	NOT_CONNECTED,

	/**
	 * The time limit passed before the request had a connection, so that the server
	 * cannot have seen it.
	 */
	NOT_SENT,

	/** A certificate is not trusted. Waiting does not help. */
	NOT_TRUSTED,

	/** The connection broke after it was made. */
	BROKEN,

	/** The response was not complete in time. */
	TIMED_OUT,

	/** The waiting thread was interrupted. */
	INTERRUPTED,

	/** The response is not JSON of the API: the page of a gateway, or empty. */
	NOT_API_JSON,

	/** The response is larger than allowed. */
	TOO_LARGE,

	/** The response is a redirect. */
	REDIRECTED

}
