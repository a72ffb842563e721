package io.aki.sample.task;

import java.util.regex.Pattern;

import io.aki.spring.boot.tasks.AkiTask;
import org.jspecify.annotations.Nullable;

/**
 * Describes to users why a task failed. Texts for operators, which contain addresses or
 * names of properties, are replaced.
 */
public final class TaskErrors {

	private static final Pattern FOR_OPERATORS = Pattern
		.compile("https?://|aki\\.io\\.|\\d+\\.\\d+\\.\\d+\\.\\d+|:\\d{2,5}\\b|^The (server|response|request)\\b|^No ");

	private TaskErrors() {
	}

	/**
	 * Return why a task failed.
	 * @return a sentence, or {@code null} if the task has not failed
	 */
	public static @Nullable String describe(AkiTask task) {
		String error = task.error();
		if (error == null) {
			return null;
		}
		return (task.errorCode() != null) ? describe(task.errorCode(), error) : describe(error);
	}

	private static String describe(int code, String error) {
		return switch (code) {
			case 400, 409, 413, 422 -> FOR_OPERATORS.matcher(error).find() ? "AKI.IO rejected the parameters." : error;
			case 401, 403 -> "This application may not use the endpoint.";
			case 402 -> "The result was not fetched in time and is lost.";
			case 404 -> "The endpoint does not exist.";
			case 408, 504 -> "AKI.IO did not answer in time.";
			case 429 -> "AKI.IO accepts no more requests at the moment. Try again later.";
			case 503 -> "No worker took the task. Try again later.";
			default -> "AKI.IO reported an error (" + code + ").";
		};
	}

	private static String describe(String error) {
		if (error.contains("'job-timeout'")) {
			return "The task was stopped because it took longer than the time limit.";
		}
		if (error.startsWith("The job has lapsed")) {
			return "No worker finished the task in time. Try again later.";
		}
		if (error.startsWith("No complete response")) {
			return "AKI.IO did not answer in time.";
		}
		return FOR_OPERATORS.matcher(error).find() ? "AKI.IO could not be reached. Try again later." : error;
	}

}
