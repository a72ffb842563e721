package io.aki.client;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a request failed. It becomes a failed response or an exception.
 *
 * @param kind what failed, which decides the exception
 * @param error what happened and, where there is something, what to do
 * @param status the HTTP status, if it was 400 or more
 * @param cause the exception behind it
 */
record Failure(Kind kind, String error, @Nullable Integer status, @Nullable Throwable cause) {

	enum Kind {

		CONNECTION, SERVER, BAD_REQUEST, PERMISSION, RATE_LIMIT, TIMEOUT, CANCELED, LAPSED, JOB_FAILED

	}

	Failure(Kind kind, String error) {
		this(kind, error, null, null);
	}

	static Failure ofStatus(int status, String error) {
		return new Failure(kindOf(status), error, status, null);
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
	Map<String, @Nullable Object> writtenInto(Map<String, @Nullable Object> answer) {
		Map<String, @Nullable Object> wire = new LinkedHashMap<>(answer);
		wire.put("success", false);
		wire.put("error", this.error);
		if (this.status != null) {
			wire.put("error_code", this.status);
		}
		return wire;
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
