package io.aki.sample.task;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.aki.client.AkiClient;
import io.aki.spring.boot.tasks.AkiStoredBinary;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskQuery;
import io.aki.spring.boot.tasks.AkiTasks;
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
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

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

	private final AkiTasks tasks;

	private final TaskResults results;

	private final TaskFeed feed;

	TaskController(AkiTasks tasks, TaskResults results, TaskFeed feed) {
		this.tasks = tasks;
		this.results = results;
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
		return accepted(this.tasks.submit(task.request()));
	}

	@GetMapping
	Map<String, List<TaskView>> list(@RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
		return Map.of("tasks",
				this.tasks.find(AkiTaskQuery.all().size(limit)).tasks().stream().map(TaskView::of).toList());
	}

	@GetMapping("/{id}")
	TaskView task(@PathVariable String id) {
		AkiTask task = find(id);
		return TaskView.of(task, this.results.find(task));
	}

	@PostMapping("/{id}/cancel")
	TaskView cancel(@PathVariable String id) {
		find(id);
		if (!this.tasks.cancel(id)) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "The task has ended: " + find(id).state().value());
		}
		return TaskView.of(find(id));
	}

	@PostMapping("/{id}/retry")
	ResponseEntity<Accepted> retry(@PathVariable String id) {
		find(id);
		if (!this.tasks.retry(id)) {
			throw new ResponseStatusException(HttpStatus.CONFLICT,
					"Only a task that failed or was canceled can be retried; this one is " + find(id).state().value());
		}
		return accepted(id);
	}

	@GetMapping("/{id}/binaries/{position}")
	ResponseEntity<StreamingResponseBody> binary(@PathVariable String id, @PathVariable int position) {
		return this.tasks.storedBinary(id, position)
			.map((binary) -> file(id, position, binary))
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "The task has no such binary"));
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter events() {
		return this.feed.connect();
	}

	private AkiTask find(String id) {
		return this.tasks.find(id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such task"));
	}

	private static ResponseEntity<Accepted> accepted(String id) {
		return ResponseEntity.accepted().location(URI.create("/api/tasks/" + id)).body(new Accepted("processing", id));
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
