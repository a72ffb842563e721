package io.aki.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Asynchronous form of {@link AkiClient#doApiRequestAwait(Map)}, for controllers. Each
 * call runs in a thread of an executor, as an {@code @Async} method does, and returns a
 * future. Spring Boot creates a bean of this type if {@code aki.io.async.enabled} is
 * {@code true}.
 * <p>
 * Canceling a future cancels its job. If all threads are busy and the queue is full, a
 * call is rejected at once with an {@link AkiTaskRejectedException}, which a controller
 * answers with status 503. Thread-safe.
 *
 * @since 1.0.0
 */
public interface AkiAsyncClient {

	/**
	 * Send a request and wait for its result in a thread of the executor.
	 * @param params the endpoint's parameters
	 * @return the future result; it completes exceptionally with an {@link AkiException}
	 * if {@code aki.io.raise-exceptions} is {@code true}
	 * @throws AkiTaskRejectedException if the queue is full
	 */
	CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params);

	/**
	 * Send a request and wait for its result in a thread of the executor.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress in the same thread
	 * @return the future result; it completes exceptionally with an {@link AkiException}
	 * if {@code aki.io.raise-exceptions} is {@code true}
	 * @throws AkiTaskRejectedException if the queue is full
	 */
	CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Return a view of this client that calls another endpoint with the same executor.
	 * @param endpoint the endpoint's name
	 * @return the view
	 */
	AkiAsyncClient forEndpoint(String endpoint);

}
