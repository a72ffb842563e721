package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Why a request failed. It becomes a failed response or an exception.
 *
 * @param kind what failed, which determines the exception
 * @param error the error message
 * @param status the HTTP status, if it was 400 or more
 * @param cause the exception that caused the failure
 * @param retryAfter how long the server asks to wait
 * @param retryable whether the request certainly started no job and may succeed later
 */
record Failure(Kind kind, String error, @Nullable Integer status, @Nullable Throwable cause,
		@Nullable Duration retryAfter, boolean retryable) {

	enum Kind {

		CONNECTION, SERVER, BAD_REQUEST, PERMISSION, RATE_LIMIT, TIMEOUT, CANCELED, LAPSED, JOB_FAILED

	}

	Failure(Kind kind, String error) {
		this(kind, error, null, null);
	}

	Failure(Kind kind, String error, @Nullable Integer status, @Nullable Throwable cause) {
		this(kind, error, status, cause, null, false);
	}

	static Failure ofStatus(int status, String error) {
		return new Failure(kindOf(status), error, status, null);
	}

	/**
	 * Return why a job failed according to its result. A worker's error comes with
	 * {@code success: true}.
	 * @return the failure, or {@code null} if the job succeeded
	 */
	static @Nullable Failure ofBody(Map<String, @Nullable Object> body) {
		String error = ErrorText.of(body.get("error"));
		if (error == null && (!body.containsKey("success") || isTrue(body.get("success")))) {
			return null;
		}
		String text = ErrorText.in(body);
		return new Failure(Kind.JOB_FAILED, (text != null) ? text : "The server reports a failure without a reason");
	}

	static boolean isTrue(@Nullable Object success) {
		return Boolean.parseBoolean(String.valueOf(success));
	}

	Failure withKind(Kind kind) {
		return new Failure(kind, this.error, this.status, this.cause, this.retryAfter, this.retryable);
	}

	Failure withError(String error) {
		return new Failure(this.kind, error, this.status, this.cause, this.retryAfter, this.retryable);
	}

	Failure withRetryAfter(@Nullable Duration retryAfter) {
		return new Failure(this.kind, this.error, this.status, this.cause, retryAfter, this.retryable);
	}

	Failure withRetryable(boolean retryable) {
		return new Failure(this.kind, this.error, this.status, this.cause, this.retryAfter, retryable);
	}

	private static Kind kindOf(int status) {
		return switch (status) {
			case 400, 409, 413, 422 -> Kind.BAD_REQUEST;
			case 404 -> Kind.SERVER;
			case 408 -> Kind.TIMEOUT;
			case 429 -> Kind.RATE_LIMIT;
			default -> (status >= 500) ? Kind.SERVER : Kind.PERMISSION;
		};
	}

	/**
	 * Return the server's response with the failure added under the API's names.
	 */
	Map<String, @Nullable Object> writtenInto(Map<String, @Nullable Object> body) {
		Map<String, @Nullable Object> failed = new LinkedHashMap<>(body);
		failed.put("success", false);
		failed.put("error", this.error);
		if (this.status != null) {
			failed.put("error_code", this.status);
		}
		return failed;
	}

	AkiException toException(@Nullable String jobId) {
		return switch (this.kind) {
			case CONNECTION -> new AkiConnectionException(this, jobId);
			case SERVER -> new AkiServerException(this, jobId);
			case BAD_REQUEST -> new AkiBadRequestException(this, jobId);
			case PERMISSION -> new AkiPermissionException(this, jobId);
			case RATE_LIMIT -> new AkiRateLimitException(this, jobId);
			case TIMEOUT -> new AkiTimeoutException(this, jobId);
			case CANCELED -> new AkiCanceledException(this, jobId);
			case LAPSED -> new AkiLapsedException(this, jobId);
			case JOB_FAILED -> new AkiJobFailedException(this, jobId);
		};
	}

}
