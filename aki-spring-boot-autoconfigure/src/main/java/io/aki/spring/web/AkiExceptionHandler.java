package io.aki.spring.web;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

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
	 * Create a handler.
	 */
	public AkiExceptionHandler() {
	}

	/**
	 * Answer a failed request.
	 * @param thrown the failure, or an exception whose cause is the failure
	 * @return the response
	 * @throws Exception the passed exception if it is one of the application, which
	 * decides itself about its response
	 */
	@ExceptionHandler({ AkiException.class, AkiTaskRejectedException.class })
	public ResponseEntity<ProblemDetail> handle(Exception thrown) throws Exception {
		Throwable failure = unwrap(thrown);
		if (!(failure instanceof AkiException) && !(failure instanceof AkiTaskRejectedException)) {
			throw thrown;
		}
		AkiProblemDetails.log(failure);
		ProblemDetail problem = AkiProblemDetails.of(failure);
		return ResponseEntity.status(problem.getStatus())
			.headers(AkiProblemDetails.headers(failure))
			// WebFlux would otherwise write an event for a client that accepts events
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(problem);
	}

	private static Throwable unwrap(Throwable thrown) {
		boolean ofFuture = thrown instanceof CompletionException || thrown instanceof ExecutionException;
		return (ofFuture && thrown.getCause() != null) ? unwrap(thrown.getCause()) : thrown;
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
