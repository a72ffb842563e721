package io.aki.sample.task;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The status of a task.
 */
public enum TaskStatus {

	PENDING, RUNNING, COMPLETED, FAILED, CANCELED;

	static TaskStatus of(String word) {
		return valueOf(word.toUpperCase(Locale.ROOT));
	}

	/**
	 * Return the word for this status in the API, the database and the pages.
	 * @return the name in lower case
	 */
	@JsonValue
	public String word() {
		return name().toLowerCase(Locale.ROOT);
	}

	public boolean isFinal() {
		return this != PENDING && this != RUNNING;
	}

}
