package io.aki.sample.task;

import io.aki.client.AkiProgressInfo;
import org.jspecify.annotations.Nullable;

/**
 * What a worker knows of a job on its way.
 *
 * @param info the job's progress
 * @param message what AKI.IO's worker is doing
 */
public record TaskReport(AkiProgressInfo info, @Nullable String message) {

}
