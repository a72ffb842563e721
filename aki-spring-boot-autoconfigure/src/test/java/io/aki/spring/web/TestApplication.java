package io.aki.spring.web;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import io.aki.client.AkiClient;
import io.aki.client.AkiConnectionException;
import io.aki.client.AkiJob;
import io.aki.client.AkiParameters;
import io.aki.client.AkiResult;
import io.aki.client.AkiServerException;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * An application whose controllers return all types that the web support offers.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ TestApplication.ChatController.class, TestApplication.ViewController.class,
		TestApplication.ReactiveResources.class })
class TestApplication {

	private static AkiParameters.Chat chat() {
		return AkiParameters.chat().user("Hello");
	}

	@RestController
	static class ChatController {

		private final AkiClient aki;

		ChatController(AkiClient aki) {
			this.aki = aki;
		}

		@PostMapping(path = "/chat", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream stream(@RequestParam(defaultValue = "llama3_8b_chat") String endpoint) {
			return AkiEventStream.of(this.aki.forEndpoint(endpoint), chat());
		}

		@PostMapping(path = "/invalid", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream invalid() {
			return AkiEventStream.of(this.aki, chat().set("bogus", 1));
		}

		@PostMapping(path = "/running", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream running() {
			return AkiEventStream.of(this.aki.doApiRequestAsync(chat()));
		}

		@PostMapping(path = "/reconnectable", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream reconnectable(@RequestParam String owner,
				@RequestParam(defaultValue = "llama3_8b_chat") String endpoint) {
			return AkiEventStream.of(this.aki.forEndpoint(endpoint), chat()).reconnectable(owner);
		}

		@PostMapping("/entity-stream")
		ResponseEntity<AkiEventStream> entityStream() {
			return ResponseEntity.accepted().header("X-Test", "yes").body(AkiEventStream.of(this.aki, chat()));
		}

		@PostMapping("/job")
		AkiJob job(@RequestParam(defaultValue = "llama3_8b_chat") String endpoint) {
			return this.aki.forEndpoint(endpoint).doApiRequestAsync(chat());
		}

		@PostMapping("/entity")
		ResponseEntity<AkiJob> entity() {
			return ResponseEntity.accepted().header("X-Test", "yes").body(this.aki.doApiRequestAsync(chat()));
		}

		@PostMapping("/no-job")
		ResponseEntity<AkiJob> noJob() {
			return ResponseEntity.status(HttpStatus.FORBIDDEN).header("X-Test", "yes").build();
		}

		@PostMapping("/no-stream")
		ResponseEntity<AkiEventStream> noStream() {
			return ResponseEntity.status(HttpStatus.FORBIDDEN).header("X-Test", "yes").build();
		}

		@PostMapping("/accepted-job")
		@ResponseStatus(HttpStatus.ACCEPTED)
		AkiJob acceptedJob() {
			return this.aki.doApiRequestAsync(chat());
		}

		@PostMapping("/accepted-stream")
		@ResponseStatus(HttpStatus.ACCEPTED)
		AkiEventStream acceptedStream() {
			return AkiEventStream.of(this.aki, chat());
		}

		@PostMapping("/wildcard-job")
		ResponseEntity<?> wildcardJob() {
			return ResponseEntity.ok(this.aki.doApiRequestAsync(chat()));
		}

		@PostMapping("/wildcard-stream")
		ResponseEntity<?> wildcardStream() {
			return ResponseEntity.ok(AkiEventStream.of(this.aki, chat()));
		}

		@PostMapping("/wildcard-text")
		ResponseEntity<?> wildcardText() {
			return ResponseEntity.ok("text");
		}

		@PostMapping("/mono-job")
		Mono<AkiJob> monoJob() {
			return Mono.fromSupplier(() -> this.aki.doApiRequestAsync(chat()));
		}

		@PostMapping("/mono-stream")
		Mono<AkiEventStream> monoStream() {
			return Mono.fromSupplier(() -> AkiEventStream.of(this.aki, chat()));
		}

		@PostMapping("/mono-entity")
		Mono<ResponseEntity<?>> monoEntity(@RequestParam boolean stream) {
			return Mono.fromSupplier(
					() -> stream ? ResponseEntity.ok(AkiEventStream.of(this.aki, chat())) : ResponseEntity.ok("text"));
		}

		@PostMapping("/conflict")
		AkiJob conflict() {
			throw new ResponseStatusException(HttpStatus.CONFLICT, "own", new AkiServerException("inner"));
		}

		@PostMapping("/own-failure")
		AkiJob ownFailure() {
			throw new OwnFailure(new AkiServerException("inner"));
		}

		@PostMapping("/completion")
		AkiJob completion() {
			throw new CompletionException(new AkiConnectionException("inner"));
		}

		@PostMapping(path = "/callback", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		AkiEventStream callback() {
			AtomicInteger calls = new AtomicInteger();
			return AkiEventStream.of(this.aki.doApiRequestAsync(chat(), (info, data) -> {
				if (calls.incrementAndGet() > 3) {
					throw new IllegalStateException("a secret of the callback");
				}
			}));
		}

		@PostMapping("/result")
		AkiResult result() {
			return this.aki.doApiRequest(chat()).orThrow();
		}

	}

	@ResponseStatus(HttpStatus.UNPROCESSABLE_CONTENT)
	static final class OwnFailure extends RuntimeException {

		private static final long serialVersionUID = 1L;

		OwnFailure(Throwable cause) {
			super("own", cause);
		}

	}

	/**
	 * A controller without {@code @ResponseBody}.
	 */
	@Controller
	static class ViewController {

		private final AkiClient aki;

		ViewController(AkiClient aki) {
			this.aki = aki;
		}

		@PostMapping("/view-job")
		AkiJob job() {
			return this.aki.doApiRequestAsync(chat());
		}

	}

	/**
	 * Event loops for one application. By default all applications of the JVM share them,
	 * and the first one that is closed stops them.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static class ReactiveResources {

		@Bean
		ReactorResourceFactory reactorResourceFactory() {
			ReactorResourceFactory resources = new ReactorResourceFactory();
			resources.setUseGlobalResources(false);
			resources.setShutdownQuietPeriod(Duration.ZERO);
			return resources;
		}

	}

}
