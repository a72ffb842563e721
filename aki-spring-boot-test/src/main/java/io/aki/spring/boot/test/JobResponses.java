package io.aki.spring.boot.test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Creates the responses about jobs in the form that the server uses.
 */
final class JobResponses {

	private JobResponses() {
	}

	/**
	 * Return the response to a call that does not wait.
	 */
	static Map<String, Object> accepted(Endpoint endpoint, String jobId) {
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("success", true);
		answer.put("job_id", jobId);
		answer.put("ep_version", endpoint.version());
		return answer;
	}

	/**
	 * Return the response to a call that has waited for its job.
	 */
	static EmulatedResponse blocking(JobView job) {
		return (job.state() == JobState.LAPSED) ? EmulatedResponse.refused(400, lapsed(job), job.endpoint())
				: EmulatedResponse.json(200, result(job));
	}

	/**
	 * Return the response to a poll.
	 */
	static EmulatedResponse progress(JobView job) {
		if (job.state() == JobState.LAPSED) {
			Map<String, Object> answer = new LinkedHashMap<>();
			answer.put("success", false);
			answer.put("error", lapsed(job));
			answer.put("ep_version", job.endpoint().version());
			answer.put("job_state", job.state().word());
			answer.put("progress", withoutReport(job));
			return EmulatedResponse.json(400, answer);
		}
		Map<String, Object> answer = accepted(job.endpoint(), job.id());
		if (job.resultDue()) {
			answer.put("job_result", result(job));
		}
		answer.put("job_state", job.state().word());
		if (!job.state().ended()) {
			WorkProgress report = job.work().progress(job.fraction());
			answer.put("progress", (report != null) ? withReport(job, report) : withoutReport(job));
		}
		return EmulatedResponse.json(200, answer);
	}

	private static String lapsed(JobView job) {
		return "Job " + job.id() + " on " + job.endpoint().name() + " lapsed!";
	}

	private static Map<String, Object> withoutReport(JobView job) {
		Map<String, Object> progress = new LinkedHashMap<>();
		putQueue(progress, job);
		progress.put("progress", 0);
		progress.put("progress_data", Map.of());
		return progress;
	}

	private static Map<String, Object> withReport(JobView job, WorkProgress report) {
		Map<String, Object> progress = new LinkedHashMap<>();
		progress.put("auth", job.endpoint().workerName());
		progress.put("auth_key", "redacted");
		progress.put("job_id", job.id());
		progress.put("progress", report.percent());
		progress.put("progress_data", report.data());
		putQueue(progress, job);
		return progress;
	}

	private static void putQueue(Map<String, Object> progress, JobView job) {
		progress.put("queue_position", job.queuePosition());
		progress.put("estimate", BigDecimal.valueOf(job.estimate()).stripTrailingZeros());
		progress.put("num_workers_online", job.workersOnline());
	}

	private static Map<String, Object> result(JobView job) {
		Map<String, Object> result = accepted(job.endpoint(), job.id());
		result.putAll(job.work().output(job.fraction()));
		Instant started = job.started();
		Instant ended = job.ended();
		if (started != null && ended != null) {
			result.put("auth", job.endpoint().workerName());
			result.put("worker_interface_version", "x");
			result.put("start_time", epochSeconds(job.accepted()));
			result.put("start_time_compute", epochSeconds(started));
			result.put("result_received_time", epochSeconds(ended));
			result.put("compute_duration", seconds(started, ended));
			result.put("total_duration", seconds(job.accepted(), ended));
		}
		return result;
	}

	// decimal numbers, because a double would be written with an exponent
	private static BigDecimal epochSeconds(Instant time) {
		return BigDecimal.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, time), 6);
	}

	private static BigDecimal seconds(Instant from, Instant to) {
		return BigDecimal.valueOf(Duration.between(from, to).toMillis(), 3);
	}

}
