package io.aki.docs;

import java.security.Principal;

import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.aki.spring.boot.tasks.AkiTask;
import io.aki.spring.boot.tasks.AkiTaskLimitException;
import io.aki.spring.boot.tasks.AkiTaskRequest;
import io.aki.spring.boot.tasks.AkiTasks;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

// tag::controller[]
@RestController
@RequestMapping("/tasks")
class TaskController {

	private final AkiTasks tasks;

	TaskController(AkiTasks tasks) {
		this.tasks = tasks;
	}

	@PostMapping
	AkiTask submit(@RequestParam String prompt, Principal user) {
		AkiTasks tasks = this.tasks.forOwner(user.getName());
		String id = tasks.submit(AkiTaskRequest.of("z_image_turbo", AkiParameters.image(prompt)));
		return tasks.find(id).orElseThrow();
	}

	@GetMapping("/{id}")
	ResponseEntity<AkiTask> show(@PathVariable String id, Principal user) {
		return ResponseEntity.of(this.tasks.forOwner(user.getName()).find(id));
	}

	@GetMapping("/{id}/result")
	ResponseEntity<AkiResult> result(@PathVariable String id, Principal user) {
		return ResponseEntity.of(this.tasks.forOwner(user.getName()).result(id));
	}

	@GetMapping("/{id}/images/{index}")
	ResponseEntity<byte[]> image(@PathVariable String id, @PathVariable int index, Principal user) {
		return this.tasks.forOwner(user.getName())
			.binary(id, index)
			.map((file) -> ResponseEntity.ok().contentType(new MediaType("image", file.format())).body(file.data()))
			.orElseGet(() -> ResponseEntity.notFound().build());
	}

	@PostMapping("/{id}/cancel")
	boolean cancel(@PathVariable String id, Principal user) {
		return this.tasks.forOwner(user.getName()).cancel(id);
	}

	@PostMapping("/{id}/retry")
	boolean retry(@PathVariable String id, Principal user) {
		return this.tasks.forOwner(user.getName()).retry(id);
	}

	@ExceptionHandler
	ProblemDetail tooMany(AkiTaskLimitException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.TOO_MANY_REQUESTS, "You have too many unfinished tasks");
	}

}
// end::controller[]
