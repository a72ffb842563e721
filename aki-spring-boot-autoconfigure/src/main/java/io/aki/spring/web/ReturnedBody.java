package io.aki.spring.web;

import io.aki.client.AkiJob;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;

/**
 * A job or an event stream that a controller has returned, directly or in a
 * {@link ResponseEntity}.
 *
 * @param status the status of the response
 * @param headers the headers of the response
 * @param value the job or the event stream
 */
record ReturnedBody(HttpStatusCode status, HttpHeaders headers, Object value) {

	/**
	 * Return whether a value is a job or an event stream, or a {@link ResponseEntity}
	 * with one of them. The value decides and not its declared type, which may be
	 * {@code ResponseEntity<?>}.
	 */
	static boolean isSupported(@Nullable Object returnValue) {
		Object value = (returnValue instanceof ResponseEntity<?> entity) ? entity.getBody() : returnValue;
		return value instanceof AkiJob || value instanceof AkiEventStream;
	}

	/**
	 * Return what a controller has returned.
	 * @param returnValue a supported value
	 * @param status the status for a value that is no {@link ResponseEntity}, which
	 * {@code @ResponseStatus} may have set
	 */
	static ReturnedBody of(Object returnValue, @Nullable HttpStatusCode status) {
		if (returnValue instanceof ResponseEntity<?> entity && entity.getBody() != null) {
			return new ReturnedBody(entity.getStatusCode(), entity.getHeaders(), entity.getBody());
		}
		return new ReturnedBody((status != null) ? status : HttpStatus.OK, new HttpHeaders(), returnValue);
	}

	<T> ResponseEntity<T> response(T body) {
		return ResponseEntity.status(this.status).headers(this.headers).body(body);
	}

}
