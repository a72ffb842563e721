package io.aki.spring.web;

import io.aki.client.AkiJob;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;

/**
 * What a controller has returned: a job or an event stream, directly or in a
 * {@link ResponseEntity}.
 *
 * @param status the status of the response
 * @param headers the headers of the response
 * @param value the job or the event stream, {@code null} if there is none
 */
record ReturnedBody(HttpStatusCode status, HttpHeaders headers, @Nullable Object value) {

	static boolean isSupported(MethodParameter returnType) {
		Class<?> type = returnType.getParameterType();
		if (ResponseEntity.class.isAssignableFrom(type)) {
			type = ResolvableType.forMethodParameter(returnType).getGeneric().resolve(Object.class);
		}
		return AkiJob.class.isAssignableFrom(type) || AkiEventStream.class.isAssignableFrom(type);
	}

	static ReturnedBody of(@Nullable Object returnValue) {
		return (returnValue instanceof ResponseEntity<?> entity)
				? new ReturnedBody(entity.getStatusCode(), entity.getHeaders(), entity.getBody())
				: new ReturnedBody(HttpStatus.OK, new HttpHeaders(), returnValue);
	}

	<T> ResponseEntity<T> response(T body) {
		return ResponseEntity.status(this.status).headers(this.headers).body(body);
	}

}
