package io.aki.spring.boot.tasks;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A task as it was when it was read. Numbers that AKI.IO did not send are -1. Parameters
 * and results are not part of it. In JSON the names are those of the API ({@code job_id},
 * {@code queue_position}, …).
 *
 * @param id the task's id
 * @param endpoint the endpoint of the job
 * @param owner the owner, or {@code null} if the task has none
 * @param state the state
 * @param progress the progress in per cent, 0 to 100
 * @param queuePosition the position in the queue of AKI.IO, 0 once a worker has taken the
 * job, -1 if unknown
 * @param estimate the estimated remaining time in seconds, -1 if unknown
 * @param attempt how many times an instance has started or resumed the job; 0 for a task
 * that was not started. A start that a guard refuses and that is tried later does not
 * count
 * @param jobId the id of the job at AKI.IO, or {@code null}
 * @param error why the task failed, or {@code null}
 * @param errorCode the HTTP status of the failure, or {@code null}
 * @param binaries the number of images and audio files of the result
 * @param cancelRequested whether somebody has canceled the task
 * @param metadata the values that were submitted with the task; never {@code null}
 * @param createdAt when the task was submitted
 * @param startedAt when an instance started the job, or {@code null}
 * @param updatedAt when the task last changed
 * @param endedAt when the task ended, or {@code null}
 * @since 1.0.0
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record AkiTask(@JsonProperty("id") String id, @JsonProperty("endpoint") String endpoint,
		@JsonProperty("owner") @Nullable String owner, @JsonProperty("state") AkiTaskState state,
		@JsonProperty("progress") double progress, @JsonProperty("queue_position") int queuePosition,
		@JsonProperty("estimate") double estimate, @JsonProperty("attempt") int attempt,
		@JsonProperty("job_id") @Nullable String jobId, @JsonProperty("error") @Nullable String error,
		@JsonProperty("error_code") @Nullable Integer errorCode, @JsonProperty("binaries") int binaries,
		@JsonProperty("cancel_requested") boolean cancelRequested,
		@JsonProperty("metadata") Map<String, String> metadata, @JsonProperty("created_at") Instant createdAt,
		@JsonProperty("started_at") @Nullable Instant startedAt, @JsonProperty("updated_at") Instant updatedAt,
		@JsonProperty("ended_at") @Nullable Instant endedAt) {

}
