package io.aki.spring.web;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.aki.client.AkiBadRequestException;
import io.aki.client.AkiCanceledException;
import io.aki.client.AkiClient;
import io.aki.client.AkiJob;
import io.aki.client.AkiParameters;
import io.aki.client.AkiProgress;
import io.aki.client.AkiResult;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/**
 * Tests for the web support in applications of different kinds.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSupportTests {

	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(20).build();

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private void awaitCanceled() {
		while (!this.emulator.jobs().get(0).state().equals("canceled")) {
			Thread.onSpinWait();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void timeLimitOfTheRequestCancelsTheJob(WebStack stack) {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (WebApplication application = stack.start(TestApplication.class, this.emulator,
				"spring.mvc.async.request-timeout=300ms")) {
			HttpResponse<String> response = application.post("/job");
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.headers().firstValue("Content-Type").orElseThrow())
				.startsWith("application/problem+json");
			assertThat(response.body()).contains("urn:problem-type:aki:request-timeout", "job_id");
			awaitCanceled();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "JETTY" })
	void timeLimitOfTheRequestIsTheReasonAlsoIfTheJobEndsAtOnceWhenItIsCanceled(WebStack stack) {
		try (WebApplication application = stack.start(EndingJobApplication.class, this.emulator,
				"spring.mvc.async.request-timeout=300ms")) {
			HttpResponse<String> response = application.post("/ending-job");
			assertThat(response.body()).contains("urn:problem-type:aki:request-timeout");
			assertThat(response.statusCode()).isEqualTo(503);
		}
	}

	@ParameterizedTest
	@EnumSource
	void exceptionHandlerOfTheApplicationIsPreferred(WebStack stack) {
		try (WebApplication application = stack.start(OwnHandlerApplication.class, this.emulator)) {
			HttpResponse<String> response = application.post("/invalid");
			assertThat(response.statusCode()).isEqualTo(418);
			assertThat(response.body()).isEqualTo("own");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void moduleForBrowsersIsServed(WebStack stack) {
		try (WebApplication application = stack.start(TestApplication.class, this.emulator)) {
			HttpResponse<String> module = application.get("/aki/event-stream.js");
			assertThat(module.statusCode()).isEqualTo(200);
			assertThat(module.headers().firstValue("Content-Type").orElseThrow()).contains("javascript");
			assertThat(module.headers().firstValue("ETag")).isPresent();
			assertThat(module.headers().firstValue("Last-Modified")).isEmpty();
			assertThat(module.body()).contains("export function openEventStream").hasLineCount(148);
			assertThat(application.get("/aki/event-stream.d.ts").body()).contains("export function openEventStream");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "NETTY" })
	void webSupportCanBeSwitchedOff(WebStack stack) {
		try (WebApplication application = stack.start(TestApplication.class, this.emulator,
				"aki.io.web.enabled=false")) {
			assertThat(application.get("/aki/event-stream.js").statusCode()).isEqualTo(404);
			assertThat(application.context().getBeanProvider(AkiEventStreams.class).getIfAvailable()).isNull();
			assertThat(application.context().getBeanProvider(AkiExceptionHandler.class).getIfAvailable()).isNull();
		}
	}

	@Test
	void resultThatAControllerReturnsHasNoFieldsOfTheServer() {
		try (WebApplication application = WebStack.TOMCAT.start(TestApplication.class, this.emulator)) {
			HttpResponse<String> response = application.post("/result");
			assertThat(JsonMapper.shared().readTree(response.body()).propertyNames()).contains("text", "success")
				.doesNotContain("start_time", "result_received_time", "worker_interface_version");
		}
	}

	@Test
	void tooManyJobsAreAProblemDetail() {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (WebApplication application = WebStack.TOMCAT.start(TestApplication.class, this.emulator,
				"aki.io.concurrency.max-jobs=1")) {
			application.context().getBean(AkiClient.class).doApiRequestAsync(AkiParameters.chat().user("Hello"));
			HttpResponse<String> response = application.post("/chat");
			assertThat(response.statusCode()).isEqualTo(503);
			assertThat(response.body()).contains("urn:problem-type:aki:too-many-requests");
		}
	}

	@Test
	void streamsCanBeTestedWithMockMvc() throws Exception {
		try (WebApplication application = WebStack.TOMCAT.start(TestApplication.class, this.emulator)) {
			MockMvc mvc = MockMvcBuilders.webAppContextSetup((WebApplicationContext) application.context()).build();
			MvcResult started = mvc.perform(post("/chat")).andReturn();
			started.getAsyncResult(30_000);
			mvc.perform(asyncDispatch(started)).andReturn();
			assertThat(started.getResponse().getContentAsString()).startsWith("event:progress\ndata:{")
				.contains("event:done\ndata:{");
			MvcResult job = mvc.perform(post("/job")).andReturn();
			job.getAsyncResult(30_000);
			assertThat(mvc.perform(asyncDispatch(job)).andReturn().getResponse().getContentAsString())
				.contains("\"text\"");
		}
	}

	@ParameterizedTest
	@EnumSource
	void thousandStreamsNeedNoThreadEach(WebStack stack) throws Exception {
		try (AkiEmulator emulator = AkiEmulator.builder()
			.workers("llama3_8b_chat", 2000)
			.maxQueueLength("llama3_8b_chat", 2000)
			.build();
				WebApplication application = stack.start(TestApplication.class, emulator, "aki.io.web.heartbeat=5s",
						"aki.io.progress-interval=1s")) {
			emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START).times(1000));
			List<Socket> clients = new ArrayList<>();
			try {
				for (int i = 0; i < 1000; i++) {
					clients.add(application.connect("/chat"));
				}
				for (Socket client : clients) {
					assertThat(client.getInputStream().read()).isEqualTo('H');
				}
				assertThat(threadsOfTheApplication()).as("threads").isLessThan(1000);
			}
			finally {
				for (Socket client : clients) {
					client.close();
				}
			}
			while (!emulator.jobs().stream().allMatch((job) -> job.state().equals("canceled"))) {
				Thread.onSpinWait();
			}
			assertThat(emulator.jobs()).hasSize(1000);
		}
	}

	private static long threadsOfTheApplication() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().startsWith("aki-emulator"))
			.count();
	}

	@Test
	void streamOfARunningJobIsNotReconnectable() {
		try (AkiClient aki = AkiClient.builder()
			.apiServer(this.emulator.apiServer())
			.apiKey("test-key")
			.endpoint("llama3_8b_chat")
			.build()) {
			AkiEventStream stream = AkiEventStream.of(aki.doApiRequestAsync(AkiParameters.chat().user("Hello")));
			assertThatIllegalStateException().isThrownBy(() -> stream.reconnectable("alice"))
				.withMessageContaining("AkiEventStream.of(client, params)");
		}
	}

	@Import(EndingJobApplication.EndingJobController.class)
	static class EndingJobApplication extends TestApplication {

		@RestController
		static class EndingJobController {

			@PostMapping("/ending-job")
			AkiJob job() {
				return new EndingJob();
			}

		}

	}

	/**
	 * A job that ends within the call of {@link #cancel()}.
	 */
	static class EndingJob implements AkiJob {

		private final CompletableFuture<AkiResult> result = new CompletableFuture<>();

		@Override
		public @Nullable String jobId() {
			return null;
		}

		@Override
		public CompletableFuture<AkiResult> result() {
			return this.result;
		}

		@Override
		public Stream<AkiProgress> progress() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Flow.Publisher<AkiProgress> publisher() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Stream<String> text() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Flow.Publisher<String> textPublisher() {
			throw new UnsupportedOperationException();
		}

		@Override
		public AkiJob keepRunning() {
			return this;
		}

		@Override
		public void cancel() {
			this.result.completeExceptionally(new AkiCanceledException("The job was canceled"));
		}

		@Override
		public void detach() {
		}

	}

	@Import(OwnHandlerApplication.OwnHandler.class)
	static class OwnHandlerApplication extends TestApplication {

		@RestControllerAdvice
		static class OwnHandler {

			@ExceptionHandler(AkiBadRequestException.class)
			ResponseEntity<String> handle(AkiBadRequestException failure) {
				return ResponseEntity.status(418).body("own");
			}

		}

	}

}
