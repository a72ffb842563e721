package io.aki.sample.task;

import java.util.stream.Stream;

import io.aki.spring.boot.tasks.AkiTaskState;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * Reads the state of a task from a request.
 */
public final class TaskStates {

	private TaskStates() {
	}

	/**
	 * Return the state.
	 * @param value the state in lower case
	 * @throws ResponseStatusException if there is no such state, with the status 400
	 */
	public static AkiTaskState of(String value) {
		return Stream.of(AkiTaskState.values())
			.filter((state) -> state.value().equals(value))
			.findFirst()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"state must be pending, queued, running, completed, failed or canceled"));
	}

}
