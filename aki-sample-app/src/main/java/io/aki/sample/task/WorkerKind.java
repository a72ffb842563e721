package io.aki.sample.task;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The kind of worker that processes a task.
 */
public enum WorkerKind {

	/**
	 * Follows the job. It supports progress, cancellation, and continuation after a
	 * restart.
	 */
	PROGRESS,

	/**
	 * Makes one blocking call.
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
