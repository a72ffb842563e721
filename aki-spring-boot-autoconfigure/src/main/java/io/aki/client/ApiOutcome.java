package io.aki.client;

import java.time.Duration;
import java.util.Map;

import io.aki.client.http.ExchangeFailure;
import org.jspecify.annotations.Nullable;

/**
 * What came of one HTTP exchange.
 */
sealed interface ApiOutcome {

	/**
	 * How long the server asks to wait, if it does.
	 */
	@Nullable Duration retryAfter();

	/**
	 * The HTTP status, 0 if there was none.
	 */
	int status();

	/**
	 * The API's own answer, a JSON object.
	 *
	 * @param status the HTTP status
	 * @param body the object
	 * @param retryAfter how long the server asks to wait
	 */
	record Answer(int status, Map<String, @Nullable Object> body, @Nullable Duration retryAfter) implements ApiOutcome {

	}

	/**
	 * Anything but an answer of the API.
	 *
	 * @param kind what happened
	 * @param status the HTTP status, 0 if there was none
	 * @param message what happened, for people
	 * @param retryAfter how long the server asks to wait
	 * @param cause the exception behind it
	 */
	record NoAnswer(ExchangeFailure kind, int status, String message, @Nullable Duration retryAfter,
			@Nullable Throwable cause) implements ApiOutcome {

	}

}
