package io.aki.client;

/**
 * What a client logs about its HTTP requests and their responses. The logger is
 * {@code io.aki.client.requests}, the level is {@code INFO}. The API key is masked.
 *
 * @since 1.0.0
 */
public enum AkiRequestLogging {

	/**
	 * Nothing.
	 */
	NONE,

	/**
	 * The method, the URL and the headers; the status, the time in milliseconds and the
	 * headers of the response.
	 */
	HEADERS,

	/**
	 * Also the bodies, which contain prompts and results. Texts of more than 1,000
	 * characters and base64 are shortened, and a body is limited to 10,000 characters.
	 */
	BODIES

}
