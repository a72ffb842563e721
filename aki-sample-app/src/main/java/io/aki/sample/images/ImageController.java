package io.aki.sample.images;

import java.util.concurrent.CompletableFuture;

import io.aki.client.AkiClient;
import io.aki.client.AkiResult;
import io.aki.sample.SampleProperties;
import io.aki.sample.stream.JobStreams;
import io.aki.sample.web.ApiAnswer;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Makes images: in one answer, or with events on the way.
 */
@RestController
@RequestMapping("/api/images")
class ImageController {

	private final AkiClient aki;

	private final JobStreams streams;

	ImageController(AkiClient aki, JobStreams streams, SampleProperties properties) {
		this.aki = aki.forEndpoint(properties.imageEndpoint());
		this.streams = streams;
	}

	@PostMapping
	CompletableFuture<ResponseEntity<AkiResult>> make(@RequestBody @Valid ImageRequest request) {
		return this.aki.doApiRequestAsync(request.params()).result().thenApply(ApiAnswer::of);
	}

	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter stream(@ModelAttribute @Valid ImageRequest request,
			@RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
		return this.streams.open(this.aki, request.params(), lastEventId, (result) -> {
		});
	}

	@PostMapping("/cancel")
	ResponseEntity<AkiResult> cancel(@RequestParam("job_id") @NotBlank String jobId) {
		return ApiAnswer.of(this.aki.cancelRequest(jobId));
	}

}
