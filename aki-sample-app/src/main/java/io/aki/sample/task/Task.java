package io.aki.sample.task;

import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

/**
 * A task as it stands, without what can be large.
 *
 * @param id the task's id
 * @param endpoint the endpoint that does it
 * @param worker which worker does it
 * @param prompt the beginning of what was asked for
 * @param status how far it is
 * @param attempt how often a worker has taken it
 * @param jobId the job at AKI.IO, once it is known
 * @param progress from 0 to 100
 * @param queuePosition its place in AKI.IO's queue, -1 if it is in none
 * @param estimate the seconds that it will still take, -1 if not known
 * @param message what AKI.IO's worker is doing, such as {@code step 4/8}
 * @param cancelRequested whether someone wants it canceled
 * @param error why it failed
 * @param binaries how many images and sounds came of it
 * @param createdAt when it was submitted
 * @param updatedAt when it last changed
 */
public record Task(String id, String endpoint, WorkerKind worker, String prompt, TaskStatus status, int attempt,
		@Nullable String jobId, double progress, int queuePosition, double estimate, @Nullable String message,
		boolean cancelRequested, @Nullable String error, int binaries, OffsetDateTime createdAt,
		OffsetDateTime updatedAt) {

}
