package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * A request to AKI.IO failed. The subclass identifies the kind of the failure. Neither
 * the message nor a cause contains the API key.
 *
 * @since 1.0.0
 */
public abstract class AkiException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** The HTTP status. */
	private final @Nullable Integer errorCode;

	/** The job's id at the server. */
	private final @Nullable String jobId;

	AkiException(String message, @Nullable Integer errorCode, @Nullable String jobId) {
		super(message);
		this.errorCode = errorCode;
		this.jobId = jobId;
	}

	AkiException(Failure failure, @Nullable String jobId) {
		super(message(failure, jobId), failure.cause());
		this.errorCode = failure.status();
		this.jobId = jobId;
	}

	private static String message(Failure failure, @Nullable String jobId) {
		StringBuilder message = new StringBuilder(failure.error());
		if (failure.status() != null) {
			message.append(" [HTTP ").append(failure.status()).append("]");
		}
		if (jobId != null && message.indexOf(jobId) < 0) {
			message.append(" [job ").append(jobId).append("]");
		}
		return message.toString();
	}

	/**
	 * Return the HTTP status of the failure.
	 * @return a status of 400 or more, or {@code null} if there was none
	 */
	public @Nullable Integer errorCode() {
		return this.errorCode;
	}

	/**
	 * Return the job that failed. It may still run on the server: see
	 * {@link AkiClient#resume(String)}.
	 * @return the job's id, or {@code null} if the server had not accepted a job
	 */
	public @Nullable String jobId() {
		return this.jobId;
	}

}
