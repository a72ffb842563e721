package io.aki.sample.task;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.aki.sample.web.CurrentUser;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import io.aki.spring.boot.tasks.AkiTasks;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.server.ResponseStatusException;

/**
 * The tasks of the current user. The tasks of other users do not exist for the caller.
 */
@Component
public class OwnTasks {

	/** PostgreSQL refuses the character U+0000, so that other texts are not asked for. */
	private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

	private final AkiTasks tasks;

	private final CurrentUser user;

	private final HttpServletRequest request;

	private final TransactionOperations transaction;

	OwnTasks(AkiTasks tasks, CurrentUser user, HttpServletRequest request, TransactionOperations transaction) {
		this.tasks = tasks;
		this.user = user;
		this.request = request;
		this.transaction = transaction;
	}

	/**
	 * Return the tasks of the user of the current request. The returned view may be used
	 * by other threads.
	 */
	// tag::get[]
	public AkiTasks get() {
		return this.tasks.forOwner(this.user.name());
	}
	// end::get[]

	/**
	 * Submit all tasks of a request, or none. A browser that gets no response repeats the
	 * request with the same header {@code Idempotency-Key}, and then gets the ids of the
	 * tasks that exist.
	 * @return the ids of the tasks
	 */
	// tag::submit[]
	public List<String> submit(List<AkiTaskRequest> requests) {
		AkiTasks own = get();
		String key = this.request.getHeader("Idempotency-Key");
		return this.transaction.execute((status) -> IntStream.range(0, requests.size())
			.mapToObj((number) -> requests.get(number).idempotencyKey((key != null) ? key + "/" + number : null))
			.map(own::submit)
			.toList());
	}
	// end::submit[]

	/**
	 * Return a task of the user.
	 * @param id the task's id
	 * @throws ResponseStatusException if there is no such task, with the status 404
	 */
	public AkiTask find(String id) {
		return (isId(id) ? get().find(id) : Optional.<AkiTask>empty())
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such task"));
	}

	/**
	 * Return whether a text has the form of a task's id.
	 */
	public static boolean isId(String id) {
		return ID.matcher(id).matches();
	}

}
