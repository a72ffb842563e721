package io.aki.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.aki.client.ScriptedServer.Reply;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.task.TaskDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that no result is lost, and no caller is blocked, if code of the application
 * throws an {@link Error}.
 */
@Timeout(30)
class ErrorTests {

	private static final Map<String, Object> STORY = Map.of("prompt_input", "Write a story");

	private final ScriptedServer server = new ScriptedServer();

	ErrorTests() {
		AtomicInteger polls = new AtomicInteger();
		this.server.on((request) -> {
			if (request.path().startsWith("/api/call/")) {
				return Reply.json(200, "{\"success\": true, \"job_id\": \"job#1\"}");
			}
			if (request.json().containsKey("cancel")) {
				return Reply.json(200, "{\"success\": true, \"job_state\": \"canceled\"}");
			}
			return Reply.json(200, (polls.incrementAndGet() % 3 > 0)
					? "{\"success\": true, \"job_state\": \"processing\", \"progress\": {\"progress\": 1}}"
					: "{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"success\": true, \"text\": \"so be it\"}}");
		});
	}

	@AfterEach
	void close() {
		this.server.close();
	}

	/** A method of an {@link ObservationHandler}. */
	enum Moment {

		START, SCOPE_OPENED, SCOPE_CLOSED, STOP

	}

	@ParameterizedTest
	@EnumSource
	void anErrorOfAnObservationHandlerCostsNoResult(Moment moment) {
		assertResult(this.server.client().observationRegistry(registry(moment)));
	}

	@ParameterizedTest
	@EnumSource
	void anErrorOfAnObservationHandlerCostsNoResultOfABlockingCall(Moment moment) {
		ObservationRegistry registry = registry(moment);
		try (ScriptedServer blocking = new ScriptedServer()
			.json("{\"success\": true, \"job_id\": \"job#1\", \"text\": \"so be it\"}");
				AkiClient client = blocking.client().observationRegistry(registry).build()) {
			assertThat(client.doApiRequest(STORY).text()).isEqualTo("so be it");
		}
		assertThat(registry.getCurrentObservation()).as("left open in this thread").isNull();
	}

	private static ObservationRegistry registry(Moment erroneous) {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public void onStart(Observation.Context context) {
				fail(Moment.START);
			}

			@Override
			public void onScopeOpened(Observation.Context context) {
				fail(Moment.SCOPE_OPENED);
			}

			@Override
			public void onScopeClosed(Observation.Context context) {
				fail(Moment.SCOPE_CLOSED);
			}

			@Override
			public void onStop(Observation.Context context) {
				fail(Moment.STOP);
			}

			private void fail(Moment moment) {
				if (moment == erroneous) {
					throw new NoClassDefFoundError("of a handler");
				}
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		return registry;
	}

	@Test
	void anErrorOfAnObservationConventionCostsNoResult() {
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler((context) -> true);
		assertResult(this.server.client()
			.observationRegistry(registry)
			.observationConvention(new DefaultAkiObservationConvention() {

				@Override
				public io.micrometer.common.KeyValues getHighCardinalityKeyValues(
						AkiRequestObservationContext context) {
					throw new NoClassDefFoundError("of a convention");
				}

			}));
	}

	static Stream<TaskDecorator> decorators() {
		return Stream.of((task) -> {
			throw new NoClassDefFoundError("of a decorator");
		}, (task) -> () -> {
			throw new NoClassDefFoundError("of a decorated task");
		}, (task) -> () -> {
			task.run();
			throw new NoClassDefFoundError("of a decorated task");
		});
	}

	@ParameterizedTest
	@MethodSource("decorators")
	void anErrorOfATaskDecoratorCostsNoResult(TaskDecorator decorator) {
		assertResult(this.server.client().taskDecorator(decorator));
	}

	@Test
	void anErrorOfACallbackEndsTheJobAndReachesTheCaller() {
		Error error = new NoClassDefFoundError("of a callback");
		AkiProgressCallback callback = (info, data) -> {
			throw error;
		};
		try (AkiClient client = this.server.client().build()) {
			assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(() -> client.doApiRequest(STORY, callback))
				.isSameAs(error);
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> client.doApiRequestAsync(STORY, callback).result().join())
				.withCause(error);
		}
	}

	/** A method of a {@link Flow.Subscriber}. */
	enum Signal {

		SUBSCRIBE, NEXT, COMPLETE

	}

	@ParameterizedTest
	@EnumSource
	void anErrorOfASubscriberKeepsNoCallerWaiting(Signal signal) {
		try (AkiClient client = this.server.client().build()) {
			AkiJob job = client.doApiRequestAsync(STORY);
			CompletableFuture<AkiResult> result = job.result().toCompletableFuture();
			try {
				job.publisher().subscribe(new ErroneousSubscriber(signal));
			}
			catch (NoClassDefFoundError ex) {
				assertThat(signal).isEqualTo(Signal.SUBSCRIBE);
			}
			assertThat(result.join().jobState()).isIn(AkiJobState.DONE, AkiJobState.CANCELED);
		}
	}

	private static void assertResult(AkiClient.Builder builder) {
		try (AkiClient client = builder.build()) {
			AkiProgressCallback callback = (info, data) -> {
			};
			assertThat(client.doApiRequestAsync(STORY, callback).result().join().text()).isEqualTo("so be it");
			assertThat(client.doApiRequestAwait(STORY, callback).text()).isEqualTo("so be it");
			assertThat(client.activity().jobsFollowed()).isZero();
		}
	}

	private record ErroneousSubscriber(Signal signal) implements Flow.Subscriber<AkiProgress> {

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			fail(Signal.SUBSCRIBE);
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(AkiProgress progress) {
			fail(Signal.NEXT);
		}

		@Override
		public void onError(Throwable ex) {
		}

		@Override
		public void onComplete() {
			fail(Signal.COMPLETE);
		}

		private void fail(Signal signal) {
			if (signal == this.signal) {
				throw new NoClassDefFoundError("of a subscriber");
			}
		}

	}

}
