package io.aki.spring.boot.tasks;

import io.aki.client.AkiCanceledException;
import io.aki.client.AkiException;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

/**
 * How a task ends without a result.
 *
 * @param state failed or canceled
 * @param jobId the job's id, or {@code null}
 * @param error the reason, or {@code null}
 * @param errorCode the HTTP status, or {@code null}
 */
record TaskFailure(AkiTaskState state, @Nullable String jobId, @Nullable String error, @Nullable Integer errorCode) {

	static final String MAY_BE_PAID = "The instance that executed this task ended before it knew the id of the job."
			+ " The job may have been executed and paid for. It was not started again: retry the task to start a"
			+ " second job";

	static final TaskFailure CANCELED_BEFORE_START = new TaskFailure(AkiTaskState.CANCELED, null, null, null);

	/** The end of a task whose text or job id the database refuses. */
	static final TaskFailure REFUSED = new TaskFailure(AkiTaskState.FAILED, null,
			"The database has refused the end of the task, see the log", null);

	static TaskFailure failed(@Nullable String jobId, String error) {
		return new TaskFailure(AkiTaskState.FAILED, jobId, error, null);
	}

	/**
	 * Return the failure of a job. A job that reached its time limit has failed, although
	 * it was canceled on the server.
	 */
	static TaskFailure of(AkiResult result) {
		boolean canceled = isCanceled(result);
		return new TaskFailure(canceled ? AkiTaskState.CANCELED : AkiTaskState.FAILED, result.jobId(),
				canceled ? null : result.error(), canceled ? null : result.errorCode());
	}

	/**
	 * Return whether the job was canceled, or is no longer followed.
	 */
	static boolean isCanceled(AkiResult result) {
		try {
			result.orThrow();
			return false;
		}
		catch (AkiCanceledException ex) {
			return true;
		}
		catch (AkiException ex) {
			return false;
		}
	}

}
