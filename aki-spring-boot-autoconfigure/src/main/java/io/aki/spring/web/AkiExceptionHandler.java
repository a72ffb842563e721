package io.aki.spring.web;

import io.aki.client.AkiException;
import io.aki.client.AkiTaskRejectedException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * Answers failures of AKI.IO requests with {@link AkiProblemDetails problem details}, in
 * Spring MVC and in WebFlux. The exception handlers of the application come first. For
 * the auto-configuration.
 *
 * @since 1.0.0
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public class AkiExceptionHandler {

	/**
	 * Answer a failed request.
	 * @param failure the failure
	 * @return the response
	 */
	@ExceptionHandler({ AkiException.class, AkiTaskRejectedException.class })
	public ResponseEntity<ProblemDetail> handle(RuntimeException failure) {
		AkiProblemDetails.log(failure);
		ProblemDetail problem = AkiProblemDetails.of(failure);
		return ResponseEntity.status(problem.getStatus())
			.headers(AkiProblemDetails.headers(failure))
			// WebFlux would otherwise write an event for a client that accepts events
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(problem);
	}

	/**
	 * Answer a request to this application that was rejected.
	 * @param rejection the reason
	 * @return the response
	 */
	@ExceptionHandler({ InvalidStreamTokenException.class, RequestTimeoutException.class })
	public ResponseEntity<ProblemDetail> handleRejection(ErrorResponse rejection) {
		return ResponseEntity.status(rejection.getStatusCode())
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(rejection.getBody());
	}

}
