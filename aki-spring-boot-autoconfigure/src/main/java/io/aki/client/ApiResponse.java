package io.aki.client;

import java.time.Duration;
import java.util.Map;

import io.aki.client.http.ExchangeFailure;
import io.aki.client.json.ApiJson;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * The outcome of one HTTP exchange: a response of the API, or the reason why there is
 * none. It is evaluated once, when it is created.
 *
 * @param status the HTTP status, 0 if there was no response
 * @param body the JSON object of the API, empty if there was none
 * @param failure why the exchange failed, {@code null} if it succeeded
 * @param exchangeFailure why there is no JSON object of the API, {@code null} if there is
 * one
 * @param retryAfter how long the server asks to wait
 */
record ApiResponse(int status, Map<String, @Nullable Object> body, @Nullable Failure failure,
		@Nullable ExchangeFailure exchangeFailure, @Nullable Duration retryAfter) {

	private static final int MIN_ERROR_STATUS = 400;

	/**
	 * Create a response of the API.
	 * @param status the HTTP status
	 * @param body the JSON object
	 * @param retryAfter how long the server asks to wait
	 */
	static ApiResponse of(int status, Map<String, @Nullable Object> body, @Nullable Duration retryAfter) {
		Failure failure = failure(status, body);
		return new ApiResponse(status, body, (failure != null) ? failure.withRetryAfter(retryAfter) : null, null,
				retryAfter);
	}

	private static @Nullable Failure failure(int status, Map<String, @Nullable Object> body) {
		if (status >= MIN_ERROR_STATUS) {
			String text = ErrorText.in(body);
			return Failure.ofStatus(status, (text != null) ? text : statusLine(status));
		}
		Object result = body.get("job_result");
		return Failure.ofBody((result instanceof Map<?, ?> map && !map.isEmpty()) ? ApiJson.object(map) : body);
	}

	/**
	 * Create an outcome without a response of the API.
	 * @param status the HTTP status, 0 if there was no response
	 * @param message the error message
	 */
	static ApiResponse failed(ExchangeFailure exchangeFailure, int status, String message,
			@Nullable Duration retryAfter, @Nullable Throwable cause) {
		Failure failure = failure(exchangeFailure, status, message, cause).withRetryAfter(retryAfter);
		return new ApiResponse(status, Map.of(), failure, exchangeFailure, retryAfter);
	}

	private static Failure failure(ExchangeFailure exchangeFailure, int status, String message,
			@Nullable Throwable cause) {
		if (exchangeFailure == ExchangeFailure.NOT_API_JSON && status >= MIN_ERROR_STATUS) {
			return new Failure(Failure.ofStatus(status, message).kind(), message, status, cause);
		}
		Failure.Kind kind = switch (exchangeFailure) {
			case TIMED_OUT, NOT_SENT -> Failure.Kind.TIMEOUT;
			case INTERRUPTED -> Failure.Kind.CANCELED;
			default -> Failure.Kind.CONNECTION;
		};
		return new Failure(kind, message, null, cause);
	}

	static String statusLine(int status) {
		HttpStatus known = HttpStatus.resolve(status);
		return (known != null) ? status + " " + known.getReasonPhrase() : "HTTP status " + status;
	}

	/**
	 * Return this response with the key masked.
	 */
	ApiResponse masked(KeyMask mask) {
		Failure masked = (this.failure != null) ? this.failure.withError(mask.mask(this.failure.error())) : null;
		return new ApiResponse(this.status, mask.mask(this.body), masked, this.exchangeFailure, this.retryAfter);
	}

	ApiResponse withFailure(Failure failure) {
		return new ApiResponse(this.status, this.body, failure, this.exchangeFailure, this.retryAfter);
	}

	/**
	 * Return whether this is a response of the API.
	 */
	boolean isFromApi() {
		return this.exchangeFailure == null;
	}

	/**
	 * Return whether the status is one of an error.
	 */
	boolean hasErrorStatus() {
		return this.status >= MIN_ERROR_STATUS;
	}

	/**
	 * Return the job that the response names.
	 * @return the job's id, or {@code null} if the response names none
	 */
	@Nullable String jobId() {
		return ErrorText.of(this.body.get("job_id"));
	}

	/**
	 * Return whether the exchange failed for a reason that may disappear without a change
	 * of the request. The error page of a gateway is such a reason, whatever its status.
	 */
	boolean isTransientFailure() {
		if (this.exchangeFailure == null) {
			return hasErrorStatus() && !isRejected();
		}
		return switch (this.exchangeFailure) {
			case NOT_CONNECTED, NOT_SENT, BROKEN, TIMED_OUT, NOT_API_JSON -> true;
			case NOT_TRUSTED, INTERRUPTED, TOO_LARGE, REDIRECTED -> false;
		};
	}

	/**
	 * Return whether the status says that the same request will fail again.
	 */
	boolean isRejected() {
		return hasErrorStatus() && this.status < 500 && this.status != HttpStatus.REQUEST_TIMEOUT.value()
				&& this.status != HttpStatus.TOO_MANY_REQUESTS.value();
	}

	/**
	 * Return whether a request that starts a job cannot have started one, so that it can
	 * be repeated.
	 */
	boolean isRetryableStart() {
		return switch (this.status) {
			case 429, 503 -> !namesJob();
			case 0 -> this.exchangeFailure == ExchangeFailure.NOT_CONNECTED;
			default -> false;
		};
	}

	/**
	 * Return whether the response names a job, also if the response is cut off.
	 */
	private boolean namesJob() {
		return jobId() != null || (this.failure != null && this.failure.error().contains("\"job_id\""));
	}

	/**
	 * Return whether the server may have started a job without saying so.
	 */
	boolean mayHaveStartedJob() {
		return this.exchangeFailure != null && switch (this.exchangeFailure) {
			case BROKEN, TIMED_OUT, INTERRUPTED, TOO_LARGE -> true;
			case NOT_API_JSON -> !hasErrorStatus();
			case NOT_CONNECTED, NOT_SENT, NOT_TRUSTED, REDIRECTED -> false;
		};
	}

	/**
	 * Return the failure of a request that starts a job. It says whether the server may
	 * have started the job, and whether the request can be repeated.
	 */
	Failure startFailure(Failure failure) {
		if (mayHaveStartedJob()) {
			return failure
				.withError(failure.error() + ". The server may have started the job, so it was not started again");
		}
		return failure.withRetryable(isRetryableStart());
	}

}
