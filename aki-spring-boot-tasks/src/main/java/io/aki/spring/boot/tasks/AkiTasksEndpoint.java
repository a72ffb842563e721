package io.aki.spring.boot.tasks;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Actuator endpoint that counts the tasks, shows a task without its parameters and its
 * result, and cancels a task.
 *
 * @since 1.0.0
 */
@Endpoint(id = "akitasks")
public class AkiTasksEndpoint {

	private final AkiTasks tasks;

	/**
	 * Create an endpoint.
	 * @param tasks the tasks
	 */
	public AkiTasksEndpoint(AkiTasks tasks) {
		this.tasks = tasks;
	}

	/**
	 * Count the tasks.
	 * @return the number of tasks in each state
	 */
	@ReadOperation
	public Map<String, Long> counts() {
		Map<String, Long> counts = new LinkedHashMap<>();
		this.tasks.counts().forEach((state, count) -> counts.put(state.value(), count));
		return counts;
	}

	/**
	 * Show a task.
	 * @param id the task's id
	 * @return the task, or {@code null} if there is none
	 */
	@ReadOperation
	public @Nullable AkiTask task(@Selector String id) {
		return this.tasks.find(id).orElse(null);
	}

	/**
	 * Cancel a task.
	 * @param id the task's id
	 * @return 204 if the task had not ended, otherwise 404
	 */
	@DeleteOperation
	public WebEndpointResponse<Void> cancel(@Selector String id) {
		return new WebEndpointResponse<>(
				this.tasks.cancel(id) ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
