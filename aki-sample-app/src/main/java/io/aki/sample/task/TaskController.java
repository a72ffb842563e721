package io.aki.sample.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.client.AkiClient;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Provides tasks over HTTP: submits, shows, cancels and retries tasks, and returns their
 * results.
 */
@RestController
@RequestMapping("/api/tasks")
class TaskController {

	/** The formats that a browser may show; all others are sent as a download. */
	private static final Set<String> SHOWN = Set.of("png", "jpeg", "jpg", "gif", "webp", "wav", "mp3", "mpeg", "ogg",
			"flac");

	private final Tasks tasks;

	private final TaskStore store;

	private final TaskFeed feed;

	TaskController(Tasks tasks, TaskStore store, TaskFeed feed) {
		this.tasks = tasks;
		this.store = store;
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

	@PostMapping
	ResponseEntity<Accepted> submit(@RequestBody @Valid NewTask task) {
		return accepted(this.tasks.submit(task));
	}

	@GetMapping
	Map<String, List<TaskView>> list(@RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
		return Map.of("tasks", this.store.newest(List.of(), limit).stream().map(TaskView::of).toList());
	}

	@GetMapping("/{id}")
	TaskView task(@PathVariable String id) {
		return TaskView.of(find(id), this.store.result(id));
	}

	@PostMapping("/{id}/cancel")
	TaskView cancel(@PathVariable String id) {
		Task task = find(id);
		if (!this.tasks.cancel(id)) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "The task has ended: " + task.status().word());
		}
		return TaskView.of(find(id));
	}

	@PostMapping("/{id}/retry")
	ResponseEntity<Accepted> retry(@PathVariable String id) {
		Task task = find(id);
		if (!this.tasks.retry(id)) {
			throw new ResponseStatusException(HttpStatus.CONFLICT,
					"Only a task that failed or was canceled can be retried; this one is " + task.status().word());
		}
		return accepted(id);
	}

	@GetMapping("/{id}/binaries/{position}")
	void binary(@PathVariable String id, @PathVariable int position, HttpServletResponse response) {
		if (!this.store.readBinary(id, position, (binary) -> send(id, position, binary, response))) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "The task has no such binary");
		}
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter events() {
		return this.feed.connect();
	}

	private Task find(String id) {
		return this.store.find(id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such task"));
	}

	private static ResponseEntity<Accepted> accepted(String id) {
		return ResponseEntity.accepted().location(URI.create("/api/tasks/" + id)).body(new Accepted("processing", id));
	}

	private static void send(String id, int position, StoredBinary binary, HttpServletResponse response) {
		boolean shown = SHOWN.contains(binary.format());
		String type = shown ? AkiClient.detectMediaTypeFromFormat(binary.format()) + "/" + binary.format()
				: MediaType.APPLICATION_OCTET_STREAM_VALUE;
		response.setContentType(type.replace("/jpg", "/jpeg").replace("/mp3", "/mpeg"));
		response.setContentLengthLong(binary.length());
		response.setHeader(HttpHeaders.CACHE_CONTROL,
				CacheControl.maxAge(Duration.ofDays(30)).cachePrivate().getHeaderValue());
		ContentDisposition.Builder disposition = shown ? ContentDisposition.inline() : ContentDisposition.attachment();
		response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
				disposition.filename("aki-" + id.substring(0, 8) + "-" + position + "." + binary.format())
					.build()
					.toString());
		try {
			binary.data().transferTo(response.getOutputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
