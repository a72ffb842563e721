package io.aki.spring.web;

import java.io.Serial;
import java.net.URI;

import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * The {@code Last-Event-ID} of a request was not created for its owner and endpoint, or
 * with another secret.
 */
final class InvalidStreamTokenException extends ErrorResponseException {

	@Serial
	private static final long serialVersionUID = 1L;

	InvalidStreamTokenException() {
		super(HttpStatus.FORBIDDEN);
		setType(URI.create("urn:problem-type:aki:invalid-event-id"));
		setTitle("The stream cannot be continued");
		setDetail("The header 'Last-Event-ID' is not an event id of this user and this endpoint. Send the request"
				+ " without the header to start anew.");
	}

}
