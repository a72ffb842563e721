package io.aki.sample.task;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.client.AkiClient;
import io.aki.spring.boot.tasks.AkiStoredBinary;
import io.aki.spring.boot.tasks.AkiTaskPage;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTasks;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * Provides the tasks of the current user over HTTP: submits, shows, cancels, retries and
 * deletes tasks, and returns their results.
 */
@RestController
@RequestMapping("/api/tasks")
class TaskController {

	/** The formats that a browser may show; all others are sent as a download. */
	private static final Set<String> SHOWN = Set.of("png", "jpeg", "jpg", "gif", "webp", "wav", "mp3", "mpeg", "ogg",
			"flac");

	private final OwnTasks tasks;

	private final TaskViews views;

	private final TaskFeed feed;

	TaskController(OwnTasks tasks, TaskViews views, TaskFeed feed) {
		this.tasks = tasks;
		this.views = views;
		this.feed = feed;
	}

	/**
	 * The response to a submitted task, with the names from the PHP documentation.
	 *
	 * @param status always {@code processing}
	 * @param taskId the task's id
	 */
	record Accepted(@JsonProperty("status") String status, @JsonProperty("task_id") String taskId) {

	}

	/**
	 * A page of tasks, newest first.
	 *
	 * @param tasks the tasks
	 * @param page the number of the page, from 0
	 * @param size the maximum number of tasks of a page
	 * @param total the number of tasks of all pages
	 */
	record Page(@JsonProperty("tasks") List<TaskView> tasks, @JsonProperty("page") int page,
			@JsonProperty("size") int size, @JsonProperty("total") long total) {

	}

	/**
	 * Cancel or delete several tasks.
	 *
	 * @param action {@code cancel} or {@code delete}
	 * @param taskIds the ids of the tasks
	 */
	record Bulk(
			@JsonProperty("action") @NotNull @Pattern(regexp = "cancel|delete",
					message = "must be cancel or delete") String action,
			@JsonProperty("task_ids") @NotNull @Size(max = 1000) List<@NotNull String> taskIds) {

	}

	@PostMapping
	ResponseEntity<Accepted> submit(@RequestBody @Valid NewTask task) {
		return accepted(this.tasks.submit(List.of(task.request())).get(0));
	}

	@GetMapping
	Page list(@RequestParam(required = false) @Nullable String state,
			@RequestParam(defaultValue = "0") @Min(0) int page,
			@RequestParam(defaultValue = "100") @Min(1) @Max(1000) int size) {
		AkiTaskQuery query = AkiTaskQuery.all().page(page).size(size);
		AkiTaskPage found = this.tasks.get().find((state != null) ? query.states(TaskStates.of(state)) : query);
		return new Page(found.tasks().stream().map(this.views::view).toList(), page, size, found.total());
	}

	@GetMapping("/{id}")
	TaskView task(@PathVariable String id) {
		return this.views.viewWithResult(this.tasks.find(id), this.tasks.get());
	}

	@PostMapping("/{id}/cancel")
	TaskView cancel(@PathVariable String id) {
		this.tasks.find(id);
		if (!this.tasks.get().cancel(id)) {
			throw conflict("The task has ended: " + state(id));
		}
		return this.views.view(this.tasks.find(id));
	}

	@PostMapping("/{id}/retry")
	ResponseEntity<Accepted> retry(@PathVariable String id) {
		if (TaskMetadata.isChat(this.tasks.find(id))) {
			throw conflict("Try again in the chat: the answer of a retried task would not be part of it");
		}
		if (!this.tasks.get().retry(id)) {
			throw conflict("Only a task that failed or was canceled can be retried; this one is " + state(id));
		}
		return accepted(id);
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@PathVariable String id) {
		this.tasks.find(id);
		if (!this.tasks.get().delete(id)) {
			throw conflict("Only a task that has ended can be deleted; this one is " + state(id));
		}
	}

	/**
	 * Cancel or delete several tasks. Tasks that cannot be canceled or deleted are left
	 * as they are.
	 * @return the number of changed tasks
	 */
	// tag::bulk[]
	@PostMapping("/bulk")
	Map<String, Long> bulk(@RequestBody @Valid Bulk bulk) {
		AkiTasks own = this.tasks.get();
		return Map.of("changed",
				bulk.taskIds()
					.stream()
					.filter(OwnTasks::isId)
					.filter((id) -> bulk.action().equals("cancel") ? own.cancel(id) : own.delete(id))
					.count());
	}
	// end::bulk[]

	@GetMapping("/{id}/binaries/{position}")
	ResponseEntity<StreamingResponseBody> binary(@PathVariable String id, @PathVariable int position) {
		return this.tasks.get()
			.storedBinary(this.tasks.find(id).id(), position)
			.map((binary) -> file(id, position, binary))
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "The task has no such binary"));
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<ServerSentEvent<List<TaskView>>> events() {
		return this.feed.changesOf(this.tasks.get());
	}

	private String state(String id) {
		return this.tasks.find(id).state().value();
	}

	private static ResponseStatusException conflict(String message) {
		return new ResponseStatusException(HttpStatus.CONFLICT, message);
	}

	private static ResponseEntity<Accepted> accepted(String id) {
		return ResponseEntity.accepted()
			.location(URI.create(TaskViews.Links.task(id)))
			.body(new Accepted("processing", id));
	}

	private static ResponseEntity<StreamingResponseBody> file(String id, int position, AkiStoredBinary binary) {
		boolean shown = SHOWN.contains(binary.format());
		String type = shown ? AkiClient.detectMediaTypeFromFormat(binary.format()) + "/" + binary.format()
				: MediaType.APPLICATION_OCTET_STREAM_VALUE;
		ContentDisposition.Builder disposition = shown ? ContentDisposition.inline() : ContentDisposition.attachment();
		return ResponseEntity.ok()
			.contentType(MediaType.parseMediaType(type.replace("/jpg", "/jpeg").replace("/mp3", "/mpeg")))
			.cacheControl(CacheControl.maxAge(Duration.ofDays(30)).cachePrivate())
			.header(HttpHeaders.CONTENT_DISPOSITION,
					disposition.filename("aki-" + id.substring(0, 8) + "-" + position + "." + binary.format())
						.build()
						.toString())
			.contentLength(binary.length())
			.body(binary::writeTo);
	}

}
