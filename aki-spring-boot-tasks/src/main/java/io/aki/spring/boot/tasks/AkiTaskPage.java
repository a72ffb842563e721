package io.aki.spring.boot.tasks;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A page of tasks, newest first.
 *
 * @param tasks the tasks
 * @param page the number of the page, from 0
 * @param size the maximum number of tasks of a page
 * @param total the number of tasks of all pages
 * @since 1.0.0
 */
public record AkiTaskPage(@JsonProperty("tasks") List<AkiTask> tasks, @JsonProperty("page") int page,
		@JsonProperty("size") int size, @JsonProperty("total") long total) {

	/**
	 * Create a page.
	 * @param tasks the tasks
	 * @param page the number of the page
	 * @param size the maximum number of tasks of a page
	 * @param total the number of tasks of all pages
	 */
	public AkiTaskPage {
		tasks = List.copyOf(tasks);
	}

	/**
	 * Return whether there is a page after this one.
	 * @return whether there are more tasks
	 */
	public boolean hasNext() {
		return (this.page + 1L) * this.size < this.total;
	}

}
