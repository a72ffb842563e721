package io.aki.sample.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.aki.spring.boot.tasks.AkiTaskLimitException;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;

import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Responds to a failed request with a problem detail. {@link ErrorPages} responds to a
 * browser that navigates. Failures of AKI.IO are handled by the starter.
 */
@RestControllerAdvice
class ApiErrors extends ResponseEntityExceptionHandler {

	private static final String RETRY_SECONDS = "5";

	private final DataSize maxFileSize;

	ApiErrors(@Value("${spring.servlet.multipart.max-file-size}") DataSize maxFileSize) {
		this.maxFileSize = maxFileSize;
	}

	/**
	 * Handle requests that the client rejects, such as a request with an invalid endpoint
	 * name.
	 */
	@ExceptionHandler
	@Nullable ResponseEntity<Object> refuse(IllegalArgumentException ex, WebRequest request) {
		return problem(HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()), new HttpHeaders(), request);
	}

	@ExceptionHandler
	@Nullable ResponseEntity<Object> limit(AkiTaskLimitException ex, WebRequest request) {
		return retryLater(HttpStatus.TOO_MANY_REQUESTS, "Too many tasks are waiting or running. Try again in a moment",
				request);
	}

	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	@Nullable ResponseEntity<Object> databaseFailed(Exception ex, WebRequest request) {
		logger.error("The database failed", ex);
		return retryLater(HttpStatus.SERVICE_UNAVAILABLE, "The database does not answer. Try again in a moment",
				request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(MethodArgumentNotValidException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return problem(status, joined(ex.getFieldErrors().stream().map(ApiErrors::message)), headers, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
			HandlerMethodValidationException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		Stream<String> messages = ex.getParameterValidationResults()
			.stream()
			.flatMap((result) -> result.getResolvableErrors()
				.stream()
				.map((error) -> result.getMethodParameter().getParameterName() + " " + error.getDefaultMessage()));
		return problem(status, joined(messages), headers, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException ex, HttpHeaders headers,
			HttpStatusCode status, WebRequest request) {
		String name = (ex instanceof MethodArgumentTypeMismatchException mismatch) ? mismatch.getName()
				: ex.getPropertyName();
		return problem(status, name + " cannot be read", headers, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(HttpMessageNotReadableException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return problem(status, unreadable(ex.getCause()), headers, request);
	}

	private static String unreadable(@Nullable Throwable cause) {
		if (!(cause instanceof DatabindException ex)) {
			return "The body must be JSON";
		}
		String name = ex.getPath()
			.stream()
			.map((reference) -> reference.getPropertyName())
			.filter((property) -> property != null)
			.collect(Collectors.joining("."));
		String reason = (ex instanceof InvalidFormatException
				&& ex.getOriginalMessage().equals(TextDeserializer.MESSAGE)) ? TextDeserializer.MESSAGE
						: "has the wrong type";
		return (name.isEmpty() ? "The body" : name) + " " + reason;
	}

	private static String message(FieldError error) {
		return error.getField() + " " + (error.isBindingFailure() ? "has the wrong type" : error.getDefaultMessage());
	}

	private static String joined(Stream<String> messages) {
		return messages.sorted().collect(Collectors.joining("; "));
	}

	private static @Nullable ResponseEntity<Object> retryLater(HttpStatus status, String detail, WebRequest request) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
		return problem(status, detail, headers, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleMaxUploadSizeExceededException(MaxUploadSizeExceededException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return problem(status, "The file is too large. The limit is " + this.maxFileSize.toMegabytes() + " MB", headers,
				request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(NoResourceFoundException ex,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return problem(status, "There is no such page", headers, request);
	}

	@Override
	protected @Nullable ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body,
			HttpHeaders headers, HttpStatusCode status, WebRequest request) {
		return respond((ex instanceof ErrorResponse response) ? response.getBody() : ProblemDetail.forStatus(status),
				headers, request);
	}

	private static @Nullable ResponseEntity<Object> problem(HttpStatusCode status, String detail, HttpHeaders headers,
			WebRequest request) {
		return respond(ProblemDetail.forStatusAndDetail(status, detail), headers, request);
	}

	private static @Nullable ResponseEntity<Object> respond(ProblemDetail problem, HttpHeaders headers,
			WebRequest request) {
		HttpServletResponse response = ((ServletWebRequest) request).getResponse();
		if (response != null && String.valueOf(request.getHeader(HttpHeaders.ACCEPT)).contains("text/html")) {
			sendToErrorPage(response, problem, headers);
			return null;
		}
		// a browser that requested events does not accept JSON, so that the type must be
		// set
		return ResponseEntity.status(problem.getStatus())
			.headers(headers)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(problem);
	}

	private static void sendToErrorPage(HttpServletResponse response, ProblemDetail problem, HttpHeaders headers) {
		headers.forEach((name, values) -> values.forEach((value) -> response.addHeader(name, value)));
		try {
			response.sendError(problem.getStatus(), problem.getDetail());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
