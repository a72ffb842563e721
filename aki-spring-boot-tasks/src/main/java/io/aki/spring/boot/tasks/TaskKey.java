package io.aki.spring.boot.tasks;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The key of a task in the queue. A retried task gets a new run. Therefore, an entry of
 * an earlier run cannot be mistaken for the new one.
 *
 * @param id the task's id
 * @param run the number of the run
 */
record TaskKey(@JsonProperty("id") String id, @JsonProperty("run") int run) {

	static TaskKey parse(String text) {
		int end = text.lastIndexOf('.');
		return new TaskKey(text.substring(0, end), Integer.parseInt(text.substring(end + 1)));
	}

	@Override
	public String toString() {
		return this.id + "." + this.run;
	}

}
