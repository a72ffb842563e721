package io.aki.client;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorFault.Phase;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link AkiRequestGuard}.
 */
@Timeout(60)
class RequestGuardTests {

	private static final AkiParameters.Chat CHAT = AkiParameters.chat().user("Hello").maxGenTokens(20);

	@AutoClose
	private final AkiEmulator emulator = AkiEmulator.builder().seed(7).pace(100).build();

	private final RecordingGuard guard = new RecordingGuard("guard", new ArrayList<>());

	private AkiClient.Builder client() {
		return AkiClient.builder()
			.apiServer(this.emulator.apiServer())
			.apiKey(this.emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.progressInterval(Duration.ofMillis(2))
			.retry(new AkiRetryPolicy(4, Duration.ofMillis(1), 1, Duration.ofMillis(1)));
	}

	@ParameterizedTest
	@EnumSource
	void guardIsAskedOnceForAStartThatIsRepeated(Form form) {
		this.emulator.faults().add(AkiEmulatorFault.status(503).onPhase(Phase.START, Phase.CALL).times(2));
		try (AkiClient client = client().requestGuard(this.guard).build()) {
			AkiResult result = form.call(client);
			assertThat(result.orThrow().answer()).isNotBlank();
			assertThat(this.guard.events()).containsExactly("guard asked in " + Thread.currentThread().getName(),
					"guard told");
			assertThat(starts()).isEqualTo(3);
		}
	}

	@ParameterizedTest
	@EnumSource
	void refusedRequestSendsNothingAndHasNoObservation(Form form) {
		TestObservationRegistry observations = TestObservationRegistry.create();
		AkiRequestRefusedException refusal = new AkiRequestRefusedException("llama3_8b_chat", "No budget left",
				Duration.ofSeconds(3));
		for (boolean raiseExceptions : new boolean[] { true, false }) {
			try (AkiClient client = client().raiseExceptions(raiseExceptions)
				.observationRegistry(observations)
				.requestGuard(this.guard)
				.requestGuard((request) -> {
					throw refusal;
				})
				.build()) {
				assertThat(catchThrowable(() -> form.call(client))).isSameAs(refusal);
				assertThat(client.activity().jobsFollowed()).isZero();
			}
		}
		assertThat(this.emulator.requests()).isEmpty();
		TestObservationRegistryAssert.assertThat(observations).doesNotHaveAnyObservation();
		assertThat(this.guard.events()).filteredOn("guard told"::equals).hasSize(2);
	}

	@Test
	void guardIsNotAskedForRequestsThatCostNothing() throws Exception {
		AkiRequestGuard closed = (request) -> {
			throw new AkiRequestRefusedException(request.endpoint(), "closed");
		};
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (AkiClient starting = client().cancelOnClose(false).build();
				AkiClient client = client().requestGuard(closed).build()) {
			AkiJob running = starting.doApiRequestAsync(CHAT);
			running.progress().findFirst();
			String jobId = running.jobId();
			running.detach();
			running.result().get(30, TimeUnit.SECONDS);
			client.initApiKey().orThrow();
			client.getEndpointList().orThrow();
			client.getEndpointDetails("llama3_8b_chat").orThrow();
			AkiJob resumed = client.resume(jobId);
			assertThat(client.cancelRequest(jobId).jobState()).isEqualTo(AkiJobState.CANCELED);
			assertThat(resumed.result().get(30, TimeUnit.SECONDS).jobState()).isEqualTo(AkiJobState.CANCELED);
			assertThat(client.cancelRequest("unknown").success()).isFalse();
		}
	}

	@Test
	void guardsAreAskedInOrderUntilOneRefuses() {
		List<String> events = new CopyOnWriteArrayList<>();
		RecordingGuard first = new RecordingGuard("first", events);
		RecordingGuard second = new RecordingGuard("second", events);
		RecordingGuard last = new RecordingGuard("last", events);
		second.refusing = new AkiRequestRefusedException("llama3_8b_chat", "not now");
		try (AkiClient client = client().requestGuard(first)
			.requestGuards((guards) -> guards.addAll(List.of(second, last)))
			.build()) {
			assertThatExceptionOfType(AkiRequestRefusedException.class).isThrownBy(() -> client.doApiRequest(CHAT));
			assertThat(events).containsExactly("first asked in " + Thread.currentThread().getName(),
					"second asked in " + Thread.currentThread().getName(), "first told");
			events.clear();
			second.refusing = null;
			client.doApiRequest(CHAT).orThrow();
			assertThat(events).extracting((event) -> event.replaceAll(" in .*", ""))
				.containsExactly("first asked", "second asked", "last asked", "last told", "second told", "first told");
		}
	}

	@ParameterizedTest
	@EnumSource
	void guardIsToldOnceHoweverTheRequestEnds(End end) throws Exception {
		AkiClient client = end.configure(client(), this.emulator).requestGuard(this.guard).build();
		try {
			end.run(client);
		}
		finally {
			client.close();
		}
		assertThat(this.guard.events()).hasSize(2).endsWith("guard told");
	}

	@ParameterizedTest
	@EnumSource
	void placeOfARequestIsFreeOnceItsResultIsAvailable(Form form) {
		AkiRequestGuard oneAtATime = new OneAtATime();
		try (AkiClient client = client().requestGuard(oneAtATime).build()) {
			for (int i = 0; i < 20; i++) {
				form.call(client).orThrow();
			}
		}
	}

	@Test
	void guardIsNotAskedIfTheMaximumNumberOfJobsIsReached() {
		this.emulator.faults().add(AkiEmulatorFault.workerGone().onPhase(Phase.START));
		try (AkiClient client = client().requestGuard(this.guard)
			.concurrency(new AkiConcurrency(1, 4, 4, false))
			.build()) {
			client.doApiRequestAsync(CHAT);
			assertThatExceptionOfType(AkiTaskRejectedException.class).isThrownBy(() -> client.doApiRequestAsync(CHAT));
		}
		assertThat(this.guard.events()).hasSize(2).endsWith("guard told");
	}

	@ParameterizedTest
	@EnumSource
	void exceptionOfAfterEndLosesNoResult(Form form) {
		try (AkiClient client = client().requestGuard(this.guard).requestGuard(new AkiRequestGuard() {

			@Override
			public void beforeStart(AkiStartRequest request) {
			}

			@Override
			public void afterEnd(AkiStartRequest request) {
				throw new NoClassDefFoundError("of a guard");
			}

		}).build()) {
			assertThat(form.call(client).orThrow().answer()).isNotBlank();
		}
		assertThat(this.guard.events()).endsWith("guard told");
	}

	@Test
	void otherExceptionsOfAGuardReachTheCaller() {
		IllegalArgumentException exception = new IllegalArgumentException("of the guard");
		try (AkiClient client = client().requestGuard(this.guard).requestGuard((request) -> {
			throw exception;
		}).build()) {
			assertThat(catchThrowable(() -> client.doApiRequestAsync(CHAT))).isSameAs(exception);
		}
		assertThat(this.guard.events()).endsWith("guard told");
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Test
	void misuseIsFoundBeforeAGuardIsAsked() {
		AkiClient client = client().requestGuard(this.guard).build();
		assertThat(catchThrowable(() -> client.doApiRequest(Map.of("number", Double.NaN))))
			.isInstanceOf(IllegalArgumentException.class);
		client.close();
		assertThatIllegalStateException().isThrownBy(() -> client.doApiRequestAsync(CHAT));
		assertThat(this.guard.events()).isEmpty();
	}

	@Test
	void guardSeesWhatIsSentAndCannotChangeIt() {
		byte[] png = { (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
		List<AkiStartRequest> requests = new ArrayList<>();
		try (AkiClient client = client().requestGuard((request) -> {
			requests.add(request);
			assertThat(request.endpoint()).isEqualTo("llama3_8b_chat");
			assertThat(request.principal()).isNull();
			assertThat(request.parameters()).containsEntry("max_gen_tokens", 20)
				.containsEntry("chat_context", "[{\"role\":\"user\",\"content\":\"Hello\"}]")
				.containsEntry("image", AkiClient.encodeBinary(png, "png"))
				.doesNotContainKey("key");
			assertThat(catchThrowable(() -> request.parameters().put("max_gen_tokens", 1)))
				.isInstanceOf(UnsupportedOperationException.class);
			assertThat(request.toString()).contains("max_gen_tokens").doesNotContain("Hello");
		}).build()) {
			client.doApiRequest(CHAT.set("image", png));
		}
		assertThat(requests).singleElement().satisfies((request) -> assertThat(request.parameters()).isEmpty());
		assertThat(this.emulator.requests().get(0).params()).containsEntry("max_gen_tokens", 20);
	}

	@Test
	void guardSeesTheUserOfTheCallingThread() {
		ThreadLocal<Principal> user = new ThreadLocal<>();
		List<Principal> users = new ArrayList<>();
		try (AkiClient client = client().principal(user::get)
			.requestGuard((request) -> users.add(request.principal()))
			.build()) {
			client.doApiRequest(CHAT);
			Principal alice = () -> "alice";
			user.set(alice);
			client.doApiRequestAwait(CHAT);
			client.mutate().readTimeout(Duration.ofSeconds(9)).build().doApiRequest(CHAT);
			client.mutate().requestGuards(List::clear).build().doApiRequest(CHAT);
			assertThat(users).isEqualTo(Arrays.asList(null, alice, alice));
		}
	}

	@Test
	void messageSaysWhyAndWhenToTryAgain() {
		assertThat(new AkiRequestRefusedException("x", "too much"))
			.hasMessage("This application refused a request to 'x': too much");
		AkiRequestRefusedException later = new AkiRequestRefusedException("x", "too much", Duration.ofMillis(2001),
				"The limit is 'y'");
		assertThat(later)
			.hasMessage("This application refused a request to 'x': too much. Try again in 3 s. The limit is 'y'");
		assertThat(later.endpoint()).isEqualTo("x");
		assertThat(later.reason()).isEqualTo("too much");
		assertThat(later.retryAfter()).isEqualTo(Duration.ofMillis(2001));
		assertThat(later.errorCode()).isNull();
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, Long.MIN_VALUE })
	void negativeRetryAfterIsRejected(long seconds) {
		assertThat(catchThrowable(() -> new AkiRequestRefusedException("x", "no", Duration.ofSeconds(seconds))))
			.isInstanceOf(IllegalArgumentException.class);
	}

	private long starts() {
		return this.emulator.requests().stream().filter((request) -> request.path().startsWith("/api/call/")).count();
	}

	/**
	 * The forms of a request that costs money.
	 */
	enum Form {

		WAIT {

			@Override
			AkiResult call(AkiClient client) {
				return client.doApiRequest(CHAT);
			}

		},

		CALLBACK {

			@Override
			AkiResult call(AkiClient client) {
				return client.doApiRequest(CHAT, (info, data) -> {
				});
			}

		},

		ASYNC {

			@Override
			AkiResult call(AkiClient client) {
				return client.doApiRequestAsync(CHAT).result().join();
			}

		},

		AWAIT {

			@Override
			AkiResult call(AkiClient client) {
				return client.doApiRequestAwait(CHAT);
			}

		},

		STREAM {

			@Override
			AkiResult call(AkiClient client) {
				AkiJob job = client.doApiRequestAsync(CHAT);
				job.text().forEach((text) -> {
				});
				return job.result().join();
			}

		};

		abstract AkiResult call(AkiClient client);

	}

	/**
	 * How a request ends.
	 */
	enum End {

		FAILURE(AkiEmulatorFault.status(400)) {

			@Override
			void run(AkiClient client) {
				assertThat(client.doApiRequestAwait(CHAT).success()).isFalse();
			}

		},

		FAILURE_OF_A_BLOCKING_CALL(AkiEmulatorFault.status(400)) {

			@Override
			void run(AkiClient client) {
				assertThat(client.doApiRequest(CHAT).success()).isFalse();
			}

		},

		THROWN_FAILURE_OF_A_BLOCKING_CALL(AkiEmulatorFault.status(400)) {

			@Override
			void run(AkiClient client) {
				AkiClient raising = client.mutate().raiseExceptions(true).build();
				assertThatExceptionOfType(AkiBadRequestException.class).isThrownBy(() -> raising.doApiRequest(CHAT));
			}

		},

		CONNECTION_LOST_AT_THE_START(AkiEmulatorFault.reset().onPhase(Phase.START)) {

			@Override
			void run(AkiClient client) {
				assertThat(client.doApiRequestAwait(CHAT).success()).isFalse();
			}

		},

		RESULT_LOST(AkiEmulatorFault.loseResult()) {

			@Override
			void run(AkiClient client) {
				assertThat(client.doApiRequestAwait(CHAT).success()).isFalse();
			}

		},

		CANCEL(AkiEmulatorFault.workerGone().onPhase(Phase.START)) {

			@Override
			void run(AkiClient client) {
				AkiJob job = client.doApiRequestAsync(CHAT);
				job.cancel();
				assertThat(job.result().join().jobState()).isEqualTo(AkiJobState.CANCELED);
			}

		},

		TIMEOUT(AkiEmulatorFault.workerGone().onPhase(Phase.START)) {

			@Override
			AkiClient.Builder configure(AkiClient.Builder builder, AkiEmulator emulator) {
				return super.configure(builder, emulator).jobTimeout(Duration.ofMillis(50));
			}

			@Override
			void run(AkiClient client) {
				assertThat(client.doApiRequestAwait(CHAT).error()).contains("job-timeout");
			}

		},

		LAPSE(AkiEmulatorFault.workerGone().onPhase(Phase.START)) {

			@Override
			AkiClient.Builder configure(AkiClient.Builder builder, AkiEmulator emulator) {
				emulator.faults().add(AkiEmulatorFault.lapse());
				return super.configure(builder, emulator);
			}

			@Override
			void run(AkiClient client) {
				assertThat(client.doApiRequestAwait(CHAT).jobState()).isEqualTo(AkiJobState.LAPSED);
			}

		},

		DETACHED(AkiEmulatorFault.workerGone().onPhase(Phase.START)) {

			@Override
			void run(AkiClient client) {
				AkiJob job = client.doApiRequestAsync(CHAT);
				job.detach();
				job.result().join();
			}

		},

		INTERRUPTED(AkiEmulatorFault.workerGone().onPhase(Phase.START)) {

			@Override
			void run(AkiClient client) {
				Thread.currentThread().interrupt();
				assertThat(client.doApiRequestAwait(CHAT).success()).isFalse();
				assertThat(Thread.interrupted()).isTrue();
			}

		},

		CALLBACK_FAILED(AkiEmulatorFault.workerGone().onPhase(Phase.START)) {

			@Override
			void run(AkiClient client) {
				assertThatIllegalStateException().isThrownBy(() -> client.doApiRequest(CHAT, (info, data) -> {
					throw new IllegalStateException("of the callback");
				}));
			}

		},

		CLIENT_CLOSED(AkiEmulatorFault.workerGone().onPhase(Phase.START)) {

			@Override
			void run(AkiClient client) {
				client.doApiRequestAsync(CHAT);
			}

		};

		private final AkiEmulatorFault fault;

		End(AkiEmulatorFault fault) {
			this.fault = fault;
		}

		AkiClient.Builder configure(AkiClient.Builder builder, AkiEmulator emulator) {
			emulator.faults().add(this.fault);
			return builder;
		}

		abstract void run(AkiClient client) throws Exception;

	}

	private static final class RecordingGuard implements AkiRequestGuard {

		private final String name;

		private final List<String> events;

		private final List<AkiStartRequest> asked = new CopyOnWriteArrayList<>();

		private volatile AkiRequestRefusedException refusing;

		RecordingGuard(String name, List<String> events) {
			this.name = name;
			this.events = events;
		}

		List<String> events() {
			synchronized (this.events) {
				return List.copyOf(this.events);
			}
		}

		@Override
		public void beforeStart(AkiStartRequest request) {
			add(this.name + " asked in " + Thread.currentThread().getName());
			this.asked.add(request);
			if (this.refusing != null) {
				throw this.refusing;
			}
		}

		@Override
		public void afterEnd(AkiStartRequest request) {
			add(this.asked.contains(request) ? this.name + " told" : this.name + " told about another request");
		}

		private void add(String event) {
			synchronized (this.events) {
				this.events.add(event);
			}
		}

	}

	private static final class OneAtATime implements AkiRequestGuard {

		private boolean taken;

		@Override
		public synchronized void beforeStart(AkiStartRequest request) {
			if (this.taken) {
				throw new AkiRequestRefusedException(request.endpoint(), "one at a time");
			}
			this.taken = true;
		}

		@Override
		public synchronized void afterEnd(AkiStartRequest request) {
			this.taken = false;
		}

	}

}
