package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * Receives the progress of a job.
 * <p>
 * The callback is called when the server has accepted the job, and then after each poll
 * until the job has ended. It is not called with the final result. The calls for one job
 * are never concurrent and keep the order. If the callback throws an exception, the job
 * is canceled on the server and the caller gets the exception unchanged.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface AkiProgressCallback {

	/**
	 * Handle the progress of the job.
	 * @param info the progress
	 * @param data the partial results, {@code null} until there are any
	 */
	void onProgress(AkiProgressInfo info, @Nullable AkiProgressData data);

}
