package io.aki.spring.web;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;

import io.aki.client.AkiBadRequestException;
import io.aki.client.AkiCanceledException;
import io.aki.client.AkiConnectionException;
import io.aki.client.AkiException;
import io.aki.client.AkiJobFailedException;
import io.aki.client.AkiLapsedException;
import io.aki.client.AkiPermissionException;
import io.aki.client.AkiRateLimitException;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiServerException;
import io.aki.client.AkiTaskRejectedException;
import io.aki.client.AkiTimeoutException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/**
 * Converts failures of AKI.IO requests into problem details (RFC 9457) for the clients of
 * a web application:
 * <table>
 * <caption>Status and type of each failure</caption>
 * <tr>
 * <th>Failure</th>
 * <th>Status</th>
 * <th>Type {@code urn:problem-type:aki:…}</th>
 * </tr>
 * <tr>
 * <td>{@link AkiBadRequestException}: invalid parameters</td>
 * <td>400</td>
 * <td>{@code bad-request}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiRequestRefusedException} without {@code retryAfter()}</td>
 * <td>403</td>
 * <td>{@code refused}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiServerException} with status 404: unknown endpoint</td>
 * <td>404</td>
 * <td>{@code unknown-endpoint}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiCanceledException}</td>
 * <td>409</td>
 * <td>{@code canceled}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiJobFailedException} with status 402: the server does not know the job any
 * more</td>
 * <td>410</td>
 * <td>{@code unknown-job}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiRateLimitException}</td>
 * <td>429 with {@code Retry-After}</td>
 * <td>{@code rate-limit}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiRequestRefusedException} with {@code retryAfter()}</td>
 * <td>429 with {@code Retry-After}</td>
 * <td>{@code refused}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiConnectionException}</td>
 * <td>502</td>
 * <td>{@code connection}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiPermissionException}: the key belongs to the application, not to the
 * caller</td>
 * <td>502</td>
 * <td>{@code permission}</td>
 * </tr>
 * <tr>
 * <td>other {@link AkiServerException}</td>
 * <td>502</td>
 * <td>{@code server}</td>
 * </tr>
 * <tr>
 * <td>other {@link AkiJobFailedException}</td>
 * <td>502</td>
 * <td>{@code job-failed}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiServerException} with status 503, {@link AkiLapsedException}: no worker
 * took the job</td>
 * <td>503</td>
 * <td>{@code unavailable}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiTaskRejectedException}: a limit of this application is reached</td>
 * <td>503</td>
 * <td>{@code too-many-requests}</td>
 * </tr>
 * <tr>
 * <td>{@link AkiTimeoutException}</td>
 * <td>504</td>
 * <td>{@code timeout}</td>
 * </tr>
 * </table>
 * The {@code detail} is the message of the server or of the worker for a bad request, an
 * unknown endpoint and a failed job, and the {@link AkiRequestRefusedException#reason()
 * reason} for a refused request. For other failures it is a general text, because the
 * message of the exception may contain the address of the server, the page of a gateway,
 * or a problem of the key. The {@code job_id} is added where it is known.
 *
 * @since 1.0.0
 */
public final class AkiProblemDetails {

	private static final Log logger = LogFactory.getLog(AkiProblemDetails.class);

	private static final String TYPE = "urn:problem-type:aki:";

	private static final int UNKNOWN_JOB = 402;

	private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);

	private AkiProblemDetails() {
	}

	/**
	 * Return the problem detail of a failure. Use it in an {@code @ExceptionHandler} of
	 * your own.
	 * @param failure an {@link AkiException} or an {@link AkiTaskRejectedException}; any
	 * other exception has status 500 and no detail, except a
	 * {@link CancellationException}, which is a canceled job
	 * @return a new problem detail
	 */
	public static ProblemDetail of(Throwable failure) {
		if (failure instanceof AkiTaskRejectedException) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, "too-many-requests", "Too many requests at the same time",
					"The application makes as many requests as it can. Try again later.");
		}
		if (failure instanceof CancellationException) {
			return canceled();
		}
		if (!(failure instanceof AkiException exception)) {
			return ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR);
		}
		ProblemDetail problem = of(exception);
		if (exception.jobId() != null) {
			problem.setProperty("job_id", exception.jobId());
		}
		return problem;
	}

	private static ProblemDetail of(AkiException failure) {
		String message = String.valueOf(failure.getMessage());
		if (failure instanceof AkiBadRequestException) {
			return problem(HttpStatus.BAD_REQUEST, "bad-request", "The AI service rejected the parameters", message);
		}
		if (failure instanceof AkiCanceledException) {
			return canceled();
		}
		if (failure instanceof AkiRequestRefusedException refused) {
			return problem((refused.retryAfter() != null) ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.FORBIDDEN,
					"refused", "The application refused the request", refused.reason());
		}
		if (failure instanceof AkiRateLimitException) {
			return problem(HttpStatus.TOO_MANY_REQUESTS, "rate-limit", "Too many requests to the AI service",
					"The AI service accepts no more requests at the moment. Try again later.");
		}
		if (failure instanceof AkiTimeoutException) {
			return problem(HttpStatus.GATEWAY_TIMEOUT, "timeout", "The AI service did not answer in time",
					"There was no result within the time limit.");
		}
		if (failure instanceof AkiLapsedException || hasStatus(failure, HttpStatus.SERVICE_UNAVAILABLE.value())) {
			return problem(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "No worker is available",
					"No worker took the job. Try again later.");
		}
		if (failure instanceof AkiConnectionException) {
			return problem(HttpStatus.BAD_GATEWAY, "connection", "The AI service cannot be reached",
					"There was no usable response from the AI service.");
		}
		if (failure instanceof AkiPermissionException) {
			return problem(HttpStatus.BAD_GATEWAY, "permission", "The AI service rejected the application",
					"The application is not allowed to use the AI service.");
		}
		if (failure instanceof AkiServerException) {
			return hasStatus(failure, HttpStatus.NOT_FOUND.value())
					? problem(HttpStatus.NOT_FOUND, "unknown-endpoint", "The endpoint does not exist", message)
					: problem(HttpStatus.BAD_GATEWAY, "server", "The AI service failed",
							"The AI service reported an error.");
		}
		return hasStatus(failure, UNKNOWN_JOB)
				? problem(HttpStatus.GONE, "unknown-job", "The AI service does not know the job any more",
						"The result of the job was fetched or has expired.")
				: problem(HttpStatus.BAD_GATEWAY, "job-failed", "The job failed", message);
	}

	private static ProblemDetail canceled() {
		return problem(HttpStatus.CONFLICT, "canceled", "The job was canceled", "The job was canceled.");
	}

	private static boolean hasStatus(AkiException failure, int status) {
		return failure.errorCode() != null && failure.errorCode() == status;
	}

	private static ProblemDetail problem(HttpStatus status, String type, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setType(URI.create(TYPE + type));
		problem.setTitle(title);
		return problem;
	}

	/**
	 * Return the headers of the response to a failure.
	 */
	static HttpHeaders headers(Throwable failure) {
		HttpHeaders headers = new HttpHeaders();
		if (failure instanceof AkiRateLimitException rateLimit) {
			Duration retryAfter = (rateLimit.retryAfter() != null) ? rateLimit.retryAfter() : DEFAULT_RETRY_AFTER;
			setRetryAfter(headers, retryAfter);
		}
		else if (failure instanceof AkiRequestRefusedException refused && refused.retryAfter() != null) {
			setRetryAfter(headers, refused.retryAfter());
		}
		return headers;
	}

	private static void setRetryAfter(HttpHeaders headers, Duration retryAfter) {
		long seconds = retryAfter.toSeconds() + ((retryAfter.getNano() > 0) ? 1 : 0);
		headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, seconds)));
	}

	/**
	 * Return the JSON object of a problem detail, independent of the application's JSON
	 * settings.
	 */
	static Map<String, @Nullable Object> asMap(ProblemDetail problem) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		map.put("type", String.valueOf(problem.getType()));
		map.put("title", problem.getTitle());
		map.put("status", problem.getStatus());
		if (problem.getDetail() != null) {
			map.put("detail", problem.getDetail());
		}
		if (problem.getProperties() != null) {
			map.putAll(problem.getProperties());
		}
		return map;
	}

	/**
	 * Log a failure that the caller cannot correct, without its stack trace.
	 */
	static void log(Throwable failure) {
		int status = of(failure).getStatus();
		if (status >= HttpStatus.INTERNAL_SERVER_ERROR.value()) {
			logger.warn("Responding with " + status + ": " + failure);
		}
	}

}
