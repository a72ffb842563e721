package io.aki.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The progress of a job. Numbers that the server did not send are -1.
 * <p>
 * The first progress, when the server has accepted the job, is
 * {@code (jobId, 0, -1, -1, QUEUED, "queued", true)}. In JSON the names are those of the
 * API ({@code job_id}, {@code queue_position}, …).
 *
 * @param jobId the job's id, such as {@code f83a436c-6fff-450b-a119-88fd952450f7#12}
 * @param progress the progress in per cent, 0 to 100, -1 if unknown
 * @param queuePosition the position in the queue, 0 once a worker has taken the job, -1
 * if unknown
 * @param estimate the estimated remaining time in seconds, -1 if unknown
 * @param jobState the state
 * @param serverState the state as the server spells it, such as {@code processing}
 * @param success whether the server reported the progress as a success
 * @since 1.0.0
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record AkiProgressInfo(@JsonProperty("job_id") String jobId, @JsonProperty("progress") double progress,
		@JsonProperty("queue_position") int queuePosition, @JsonProperty("estimate") double estimate,
		@JsonProperty("job_state") AkiJobState jobState, @JsonProperty("server_state") String serverState,
		@JsonProperty("success") boolean success) {

	static AkiProgressInfo accepted(String jobId) {
		return new AkiProgressInfo(jobId, 0, -1, -1, AkiJobState.QUEUED, "queued", true);
	}

}
