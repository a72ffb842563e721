package io.aki.sample.web;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.sample.task.TooManyViewersException;
import io.aki.spring.boot.tasks.AkiTaskLimitException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Responds to a failed request with {@code {success: false, error}}. Failures of AKI.IO
 * have the same format.
 */
@RestControllerAdvice
class ApiErrors extends ResponseEntityExceptionHandler {

	private record ApiError(@JsonProperty("success") boolean success, @JsonProperty("error") String error) {

	}

	/**
	 * Handle requests that the client rejects, such as a request with an invalid endpoint
	 * name.
	 */
	@ExceptionHandler
	ResponseEntity<Object> refused(IllegalArgumentException ex, WebRequest request) {
		return answer(String.valueOf(ex.getMessage()), new HttpHeaders(), HttpStatus.BAD_REQUEST);
	}

	@ExceptionHandler
	ResponseEntity<Object> tooMuch(AkiTaskLimitException ex, WebRequest request) {
		return later("Too many tasks are waiting or running. Try again in a moment", HttpStatus.TOO_MANY_REQUESTS);
	}

	@ExceptionHandler
	ResponseEntity<Object> tooMuch(TooManyViewersException ex, WebRequest request) {
		return later(String.valueOf(ex.getMessage()), HttpStatus.TOO_MANY_REQUESTS);
	}

	@ExceptionHandler
	ResponseEntity<Object> away(DataAccessException ex, WebRequest request) {
		logger.error("The database failed", ex);
		return later("The database does not answer. Try again in a moment", HttpStatus.SERVICE_UNAVAILABLE);
	}

	@ExceptionHandler
	ResponseEntity<Object> away(TransactionException ex, WebRequest request) {
		logger.error("The database failed", ex);
		return later("The database does not answer. Try again in a moment", HttpStatus.SERVICE_UNAVAILABLE);
	}

	private static ResponseEntity<Object> later(String error, HttpStatus status) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, "5");
		return answer(error, headers, status);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(MethodArgumentNotValidException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(joined(ex.getFieldErrors().stream().map(ApiErrors::message)), headers, status);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
			HandlerMethodValidationException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(joined(ex.getParameterValidationResults()
			.stream()
			.flatMap((result) -> result.getResolvableErrors()
				.stream()
				.map((error) -> result.getMethodParameter().getParameterName() + " " + error.getDefaultMessage()))),
				headers, status);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		String name = (ex instanceof MethodArgumentTypeMismatchException mismatch) ? mismatch.getName()
				: ex.getPropertyName();
		return answer(name + " cannot be read", headers, status);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return answer(
				"The body must be a JSON object: {\"endpoint\": \"z_image_turbo\", \"params\": {\"prompt\": \"A hill\"}}"
						+ " for a task, {\"text\": \"A question\"} for the assistant",
				headers, status);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		String detail = (ex instanceof ErrorResponse response) ? response.getBody().getDetail() : null;
		String error = (detail != null) ? detail : String.valueOf(HttpStatus.resolve(status.value()));
		return answer(error, headers, status);
	}

	private static String message(FieldError error) {
		return error.getField() + " " + (error.isBindingFailure() ? "must be a number" : text(error));
	}

	private static String text(MessageSourceResolvable error) {
		return String.valueOf(error.getDefaultMessage());
	}

	private static String joined(Stream<String> messages) {
		return messages.sorted().collect(Collectors.joining("; "));
	}

	// a browser that requested events does not accept JSON, so that the type must be set
	private static ResponseEntity<Object> answer(String error, HttpHeaders headers, HttpStatusCode status) {
		return ResponseEntity.status(status)
			.headers(headers)
			.contentType(MediaType.APPLICATION_JSON)
			.body(new ApiError(false, error));
	}

}
