package io.aki.client;

import org.jspecify.annotations.Nullable;

/**
 * Receives the progress of a job.
 * <p>
 * Called first when the server has accepted the job, then after every poll that finds it
 * unfinished; never for the final result. The calls for one job come one after the other,
 * in order. An exception that it throws cancels the job on the server and then reaches
 * the caller unchanged.
 *
 * @since 1.0.0
 */
@FunctionalInterface
public interface AkiProgressCallback {

	/**
	 * Take one report.
	 * @param info how far the job is
	 * @param data the partial results, {@code null} until there are any
	 */
	void onProgress(AkiProgressInfo info, @Nullable AkiProgressData data);

}
