package io.aki.spring.boot.tasks;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The state of a task.
 *
 * @since 1.0.0
 */
public enum AkiTaskState {

	/**
	 * The task is stored; its job is not started.
	 */
	PENDING,

	/**
	 * The job is being started, or waits in the queue of AKI.IO.
	 */
	QUEUED,

	/**
	 * A worker of AKI.IO computes the job.
	 */
	RUNNING,

	/**
	 * The result is stored.
	 */
	COMPLETED,

	/**
	 * The job has failed. {@link AkiTask#error()} says why.
	 */
	FAILED,

	/**
	 * The task was canceled.
	 */
	CANCELED;

	/**
	 * Return the state in lower case, as in JSON and in the database.
	 * @return the text
	 */
	@JsonValue
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether a task in this state has ended.
	 * @return {@code true} for {@link #COMPLETED}, {@link #FAILED} and {@link #CANCELED}
	 */
	public boolean isFinal() {
		return this == COMPLETED || this == FAILED || this == CANCELED;
	}

	/**
	 * Return the state for a text.
	 * @param value the text, as {@link #value()} returns it
	 * @return the state
	 * @throws IllegalArgumentException if there is no such state
	 */
	public static AkiTaskState of(String value) {
		return valueOf(value.toUpperCase(Locale.ROOT));
	}

}
