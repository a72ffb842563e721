package io.aki.spring.boot.autoconfigure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.aki.client.AkiClient;
import io.aki.client.AkiProgressCallback;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * {@link AkiClient#doApiRequestAwait(Map)} for controllers: {@code @Async} methods that
 * run on an executor of their own and return a future. There is one if
 * {@code aki.io.async.enabled} is {@code true}.
 * <p>
 * Canceling a future cancels its job. When all threads are busy and the queue is full, a
 * call is rejected at once with a
 * {@link org.springframework.core.task.TaskRejectedException}, for which a controller
 * would answer 503. Thread-safe.
 *
 * @since 1.0.0
 */
public interface AkiAsyncClient {

	/**
	 * Make a request and wait for its result on a thread of the executor.
	 * @param params the endpoint's parameters
	 * @return the future result; completes exceptionally with an
	 * {@link io.aki.client.AkiException} if {@code aki.io.raise-exceptions} is
	 * {@code true}
	 * @throws org.springframework.core.task.TaskRejectedException if the queue is full
	 */
	CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params);

	/**
	 * Make a request and wait for its result on a thread of the executor.
	 * @param params the endpoint's parameters
	 * @param callback receives the progress, on the same thread of the executor; may be
	 * {@code null}
	 * @return the future result; completes exceptionally with an
	 * {@link io.aki.client.AkiException} if {@code aki.io.raise-exceptions} is
	 * {@code true}
	 * @throws org.springframework.core.task.TaskRejectedException if the queue is full
	 */
	CompletableFuture<AkiResult> doApiRequestAwait(Map<String, ?> params, @Nullable AkiProgressCallback callback);

	/**
	 * Return a view of this client that calls another endpoint, on the same executor.
	 * @param endpoint the endpoint's name
	 * @return the view
	 */
	AkiAsyncClient forEndpoint(String endpoint);

}
