package io.aki.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for the observations of requests. Each request has one observation, whatever its
 * outcome.
 */
@Timeout(60)
class JobObservationTests {

	private static final String STARTED = "{\"success\": true, \"job_id\": \"job#1\"}";

	private static final String RUNNING = "{\"success\": true, \"job_state\": \"processing\", \"progress\": {\"progress\": 1}}";

	private static final String RESULT = "{\"success\": true, \"text\": \"an answer\", \"model_name\": \"Llama\", \"prompt_length\": 7, \"num_generated_tokens\": 9, \"compute_duration\": 1.5, \"total_duration\": 2.0}";

	private static final String DONE = "{\"success\": true, \"job_state\": \"done\", \"job_result\": " + RESULT + "}";

	private static final Map<String, Object> QUESTION = Map.of("prompt_input", "a question");

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

	@AutoClose
	private final ScriptedServer server = new ScriptedServer();

	JobObservationTests() {
		this.registry.observationConfig()
			.observationHandler(new io.micrometer.observation.ObservationHandler<Observation.Context>() {

				@Override
				public void onStop(Observation.Context context) {
					JobObservationTests.this.stopped.add(context);
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			});
	}

	private AkiClient.Builder client() {
		return this.server.client()
			.restClientBuilder(RestClient.builder().observationRegistry(this.registry))
			.observationRegistry(this.registry);
	}

	@Test
	void aPolledJobIsOneObservationWithItsStartAsTheOnlyChild() {
		this.server.json(STARTED).json(RUNNING).json(RUNNING).json(DONE);
		List<Observation> current = new ArrayList<>();
		try (AkiClient client = client().build()) {
			Observation parent = Observation.start("caller", this.registry);
			parent.scoped(() -> client
				.doApiRequestAsync(QUESTION, (info, data) -> current.add(this.registry.getCurrentObservation()))
				.result()
				.join()
				.orThrow());
			assertThat(this.registry.getCurrentObservation()).isNull();
			assertThat(this.stopped).extracting(Observation.Context::getName)
				.containsExactly("http.client.requests", "aki.client.request");
			Observation.Context request = this.stopped.get(1);
			assertThat(request.getParentObservation().getContextView()).isSameAs(parent.getContextView());
			assertThat(this.stopped.get(0).getParentObservation().getContextView()).isSameAs(request);
			assertThat(current).hasSize(3).allSatisfy((each) -> assertThat(each.getContextView()).isSameAs(request));
			assertThat(values(request)).containsEntry("gen_ai.operation.name", "text_completion")
				.containsEntry("gen_ai.request.model", "llama3_8b_chat")
				.containsEntry("gen_ai.response.model", "Llama")
				.containsEntry("aki.request.mode", "poll")
				.containsEntry("aki.job.state", "done")
				.containsEntry("aki.job.id", "job#1")
				.containsEntry("outcome", "success")
				.containsEntry("error.type", "none")
				.containsEntry("gen_ai.usage.input_tokens", "7")
				.containsEntry("gen_ai.usage.output_tokens", "9")
				.containsEntry("aki.job.queue_time", "0.5")
				.containsEntry("aki.job.compute_time", "1.5");
			assertThat(client.activity().pollsAnswered()).isEqualTo(3);
			assertThat(client.activity().timeOfPollsAnswered()).isPositive();
			assertThat(client.activity().jobsFollowed()).isZero();
			parent.stop();
		}
	}

	@Test
	void aTraceShowsTheJobAndItsStartAndNoPoll() {
		SimpleTracer tracer = new SimpleTracer();
		this.registry.observationConfig().observationHandler(new DefaultTracingObservationHandler(tracer));
		this.server.json(STARTED).json(RUNNING).json(RUNNING).json(DONE);
		try (AkiClient client = client().build()) {
			client.doApiRequestAsync(QUESTION).result().join().orThrow();
		}
		assertThat(tracer.currentSpan()).isNull();
		assertThat(tracer.getSpans()).extracting((span) -> span.getName())
			.containsExactly("text_completion llama3_8b_chat", "http post");
		assertThat(tracer.getSpans().getLast().getParentId()).isEqualTo(tracer.getSpans().getFirst().getSpanId());
		assertThat(tracer.getSpans()).allSatisfy((span) -> assertThat(span.toString()).doesNotContain("test-key"));
	}

	@Test
	void aCallThatWaitsOnTheServerIsObserved() {
		this.server.json(RESULT);
		try (AkiClient client = client().build()) {
			client.doApiRequest(QUESTION).orThrow();
		}
		assertThat(this.stopped).extracting(Observation.Context::getName)
			.containsExactly("http.client.requests", "aki.client.request");
		assertThat(values(this.stopped.get(1))).containsEntry("aki.request.mode", "wait");
	}

	@Test
	void promptsAndAnswersAreNotToldUnlessSwitchedOn() {
		this.server.reply(400, "{\"success\": false, \"error\": [\"Invalid: a question\"]}").json(RESULT);
		try (AkiClient client = client().build()) {
			assertThat(client.doApiRequest(QUESTION).error()).contains("a question");
			client.doApiRequest(QUESTION).orThrow();
			List<Observation.Context> requests = requests();
			assertThat(requests).hasSize(2)
				.allSatisfy((each) -> assertThat(values(each).toString()).doesNotContain("a question", "an answer"));
			assertThat(requests.get(0).getError()).isInstanceOf(AkiBadRequestException.class)
				.hasMessageNotContaining("question")
				.hasMessageContaining("bad request [HTTP 400]");
			assertThat(values(requests.get(0))).containsEntry("error.type", "AkiBadRequestException")
				.containsEntry("outcome", "error");
			this.stopped.clear();
			try (AkiClient telling = client().observationConvention(new DefaultAkiObservationConvention(true, true))
				.build()) {
				telling
					.doApiRequest(Map.of("prompt_input", "a question", "key", "not-told", "image",
							new AkiBinary("png", new byte[900])))
					.orThrow();
			}
			assertThat(values(requests().get(0)).get("aki.request.prompt")).contains("a question", "base64,…")
				.doesNotContain("AAAA", "not-told", "test-key");
			assertThat(values(requests().get(0))).containsEntry("aki.response.completion", "an answer");
		}
	}

	@Test
	void aCancelIsNoError() {
		this.server.json(STARTED).json("{\"success\": true, \"job_state\": \"canceled\"}");
		try (AkiClient client = client().build()) {
			client.doApiRequestAwait(QUESTION, (info, data) -> client.cancelRequest());
		}
		assertThat(requests()).singleElement().satisfies((each) -> {
			assertThat(each.getError()).isNull();
			assertThat(values(each)).containsEntry("outcome", "canceled").containsEntry("aki.job.state", "canceled");
		});
	}

	@Test
	void aCallThatWasInterruptedIsObservedUntilItsCancelIsConfirmed() {
		CountDownLatch confirming = new CountDownLatch(1);
		this.server.json(STARTED).on((request) -> {
			awaitQuietly(confirming);
			return ScriptedServer.Reply.json(200, "{\"success\": true, \"job_state\": \"canceled\"}");
		});
		try (AkiClient client = client().build()) {
			AkiResult result = client.doApiRequest(QUESTION, (info, data) -> Thread.currentThread().interrupt());
			assertThat(Thread.interrupted()).isTrue();
			assertThat(result.success()).isFalse();
			assertThat(requests()).isEmpty();
			confirming.countDown();
		}
		assertThat(requests()).singleElement()
			.satisfies((each) -> assertThat(values(each)).containsEntry("outcome", "canceled")
				.containsEntry("aki.job.state", "canceled"));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void aJobThatIsResumedIsObservedAndACancelOfAForeignOneIsNot() {
		this.server.json(DONE);
		try (AkiClient client = client().build()) {
			client.resume("job#7").result().join().orThrow();
			client.cancelRequest("job#8");
		}
		assertThat(requests()).singleElement()
			.satisfies((each) -> assertThat(values(each)).containsEntry("aki.request.mode", "resume")
				.containsEntry("gen_ai.operation.name", "generate_content")
				.containsEntry("aki.job.id", "job#7"));
	}

	@Test
	void promptsAndAnswersAreCutOff() {
		this.server.json("{\"success\": true, \"text\": \"" + "b".repeat(10_001) + "\"}");
		try (AkiClient client = client().observationConvention(new DefaultAkiObservationConvention(true, true))
			.build()) {
			client.doApiRequest(Map.of("prompt_input", "a ".repeat(10_000))).orThrow();
		}
		Map<String, String> values = values(requests().get(0));
		assertThat(values.get("aki.request.prompt")).hasSize(10_001).endsWith("…");
		assertThat(values.get("aki.response.completion")).isEqualTo("b".repeat(10_000) + "…");
	}

	@Test
	void whatACallbackThrowsIsTheError() {
		this.server.json(STARTED).json("{\"success\": true, \"job_state\": \"canceled\"}");
		try (AkiClient client = client().build()) {
			assertThatIllegalStateException().isThrownBy(() -> client.doApiRequest(QUESTION, (info, data) -> {
				throw new IllegalStateException("callback");
			}));
		}
		assertThat(requests()).singleElement()
			.satisfies((each) -> assertThat(values(each)).containsEntry("error.type", "IllegalStateException"));
	}

	@Test
	void aHandlerThatFailsDoesNotEndTheJob() {
		this.registry.observationConfig()
			.observationHandler(new io.micrometer.observation.ObservationHandler<AkiRequestObservationContext>() {

				@Override
				public void onScopeOpened(AkiRequestObservationContext context) {
					throw new IllegalStateException("scope");
				}

				@Override
				public void onStop(AkiRequestObservationContext context) {
					throw new IllegalStateException("stop");
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context instanceof AkiRequestObservationContext;
				}

			});
		this.server.json(STARTED).json(RUNNING).json(DONE);
		try (AkiClient client = client().build()) {
			assertThat(client.doApiRequestAsync(QUESTION).result().join().text()).isEqualTo("an answer");
		}
	}

	private List<Observation.Context> requests() {
		return this.stopped.stream().filter((each) -> each instanceof AkiRequestObservationContext).toList();
	}

	private static Map<String, String> values(Observation.Context context) {
		Map<String, String> values = new java.util.TreeMap<>();
		context.getAllKeyValues().forEach((value) -> values.put(value.getKey(), value.getValue()));
		return values;
	}

}
