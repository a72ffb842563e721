package io.aki.spring.web;

import java.io.Serial;
import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.async.AsyncRequestTimeoutException;

/**
 * The time limit of an asynchronous request of Spring MVC was reached before its job was
 * done.
 */
final class RequestTimeoutException extends AsyncRequestTimeoutException {

	@Serial
	private static final long serialVersionUID = 1L;

	RequestTimeoutException(@Nullable String jobId) {
		getBody().setType(URI.create("urn:problem-type:aki:request-timeout"));
		getBody().setTitle("The request took too long");
		getBody().setDetail("The job was not done within the time limit of the request, and was canceled.");
		if (jobId != null) {
			getBody().setProperty("job_id", jobId);
		}
	}

}
