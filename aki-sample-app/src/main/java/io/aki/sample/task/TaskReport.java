package io.aki.sample.task;

import io.aki.client.AkiProgressInfo;
import org.jspecify.annotations.Nullable;

/**
 * The state of an unfinished job, as reported by a worker.
 *
 * @param info the job's progress
 * @param message what AKI.IO's worker is doing
 */
public record TaskReport(AkiProgressInfo info, @Nullable String message) {

}
