package io.aki.client;

import java.util.Map;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * A request to start or to resume a job, and to follow it.
 *
 * @param endpoint the endpoint's name
 * @param params the parameters, encoded; empty for a job that is resumed
 * @param jobId the id of the job that is resumed, {@code null} to start a job
 * @param callback the caller's callback
 * @param callbackExecutor runs the caller's code: the callback, subscribers and the
 * actions that depend on the result
 */
record JobRequest(String endpoint, Map<String, @Nullable Object> params, @Nullable String jobId,
		@Nullable AkiProgressCallback callback, Executor callbackExecutor) {

}
