package io.aki.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Waits until the server has confirmed that a job is canceled, for a limited time.
 */
final class JobCanceler {

	private final ClientSettings settings;

	JobCanceler(ClientSettings settings) {
		this.settings = settings;
	}

	/**
	 * Cancel a job.
	 * @return the response to the caller. Within a callback of the job it does not wait
	 * for the server, which gets the cancel request after the callback.
	 */
	AkiResult cancel(DefaultAkiJob job) {
		job.cancel();
		return (job == DefaultAkiJob.callingBack()) ? response(job, null) : awaitConfirmation(job);
	}

	private AkiResult awaitConfirmation(DefaultAkiJob job) {
		Duration limit = this.settings.progressTimeout().plus(this.settings.cancelTimeout().multipliedBy(2));
		try {
			AkiResult result = job.ended().get(limit.toNanos(), TimeUnit.NANOSECONDS);
			if (job.isCancelConfirmed()) {
				return confirmed(result);
			}
			Failure failure = result.failure();
			return (failure != null && failure.kind() == Failure.Kind.CANCELED) ? unconfirmed(job, failure.error())
					: result;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return response(job, new Failure(Failure.Kind.CANCELED,
					"Interrupted while waiting for the server to confirm the cancel request. The job is being canceled"));
		}
		catch (TimeoutException ex) {
			return unconfirmed(job, "The server did not confirm the cancel request within " + limit.toSeconds() + " s");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private AkiResult unconfirmed(DefaultAkiJob job, String error) {
		Failure last = job.lastFailure();
		return response(job, (last != null) ? last.withError(error) : new Failure(Failure.Kind.TIMEOUT, error));
	}

	private AkiResult response(DefaultAkiJob job, @Nullable Failure failure) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>();
		body.put("success", true);
		body.put("job_id", job.jobId());
		body.put("job_state", job.state().value());
		return new AkiResult(body, this.settings.conversion(), failure, job.state());
	}

	private AkiResult confirmed(AkiResult canceled) {
		Map<String, @Nullable Object> body = new LinkedHashMap<>(canceled.body());
		body.put("success", true);
		body.remove("error");
		return new AkiResult(body, this.settings.conversion(), null, AkiJobState.CANCELED);
	}

}
