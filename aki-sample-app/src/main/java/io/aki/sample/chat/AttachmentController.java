package io.aki.sample.chat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

import io.aki.sample.web.CurrentUser;

import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/**
 * Receives the files of questions, and returns them to their user.
 */
@RestController
@RequestMapping("/api/attachments")
class AttachmentController {

	private final Attachments attachments;

	private final CurrentUser user;

	AttachmentController(Attachments attachments, CurrentUser user) {
		this.attachments = attachments;
		this.user = user;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	Attachment upload(@RequestParam MultipartFile file) throws IOException {
		return this.attachments.add(this.user.name(), Objects.requireNonNullElse(file.getOriginalFilename(), ""),
				file.getBytes());
	}

	/**
	 * Return the content of a file. A browser shows images and saves texts.
	 */
	@GetMapping("/{id}")
	ResponseEntity<byte[]> content(@PathVariable String id) {
		Attachments.Content content = this.attachments.content(this.user.name(), id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such file"));
		Attachment file = content.file();
		ContentDisposition.Builder disposition = file.isImage() ? ContentDisposition.inline()
				: ContentDisposition.attachment();
		return ResponseEntity.ok()
			.contentType(file.isImage() ? new MediaType("image", file.format())
					: new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
			.header(HttpHeaders.CONTENT_DISPOSITION,
					disposition.filename(file.name(), StandardCharsets.UTF_8).build().toString())
			.cacheControl(CacheControl.maxAge(Duration.ofDays(30)).cachePrivate())
			.body(content.data());
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@PathVariable String id) {
		this.attachments.delete(this.user.name(), id);
	}

}
