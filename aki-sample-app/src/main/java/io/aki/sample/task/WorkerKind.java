package io.aki.sample.task;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Which of the two workers does a task.
 */
public enum WorkerKind {

	/**
	 * Follows the job: progress, cancellation, and going on after a restart.
	 */
	PROGRESS,

	/**
	 * One blocking call.
	 */
	SIMPLE;

	@JsonCreator
	static WorkerKind of(String word) {
		return valueOf(word.toUpperCase(Locale.ROOT));
	}

	@JsonValue
	public String word() {
		return name().toLowerCase(Locale.ROOT);
	}

}
