package io.aki.sample.task;

import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

/**
 * The state of a task, without its large fields.
 *
 * @param id the task's id
 * @param endpoint the endpoint that processes the task
 * @param worker the worker that processes the task
 * @param prompt the start of the prompt
 * @param status the status
 * @param attempt how often the task was claimed by a worker
 * @param jobId the id of the job at AKI.IO, once it is known
 * @param progress the progress from 0 to 100
 * @param queuePosition the position in AKI.IO's queue, -1 if the job is not queued
 * @param estimate the estimated remaining seconds, -1 if not known
 * @param message what AKI.IO's worker is doing, such as {@code step 4/8}
 * @param cancelRequested whether a user has requested to cancel the task
 * @param error why the task failed
 * @param binaries the number of images and sounds in the result
 * @param createdAt when the task was submitted
 * @param updatedAt when the task last changed
 */
public record Task(String id, String endpoint, WorkerKind worker, String prompt, TaskStatus status, int attempt,
		@Nullable String jobId, double progress, int queuePosition, double estimate, @Nullable String message,
		boolean cancelRequested, @Nullable String error, int binaries, OffsetDateTime createdAt,
		OffsetDateTime updatedAt) {

}
