package io.aki.client;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import java.util.function.Consumer;
import io.aki.client.http.AkiClientHttpRequestFactory;
import io.aki.client.http.RequestBody;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.unit.DataSize;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link AkiClient}. Tests of jobs use the emulator.
 */
@Timeout(60)
class AkiClientTests {

	private static final AkiEmulator emulator = AkiEmulator.builder()
		.seed(7)
		.pace(50)
		.workers("llama3_8b_chat", 100)
		.build();

	private static final AkiEmulatorClock clock = AkiEmulatorClock.create();

	/** The jobs of this emulator continue only when a test advances the clock. */
	private static final AkiEmulator stepwise = AkiEmulator.builder().seed(7).clock(clock).build();

	private static final Map<String, Object> STORY = Map.of("prompt_input", "Write a story");

	private static final Map<String, Object> HANG = Map.of("prompt_input", "HANG");

	private final AkiClient aki = client().build();

	private static AkiClient.Builder client() {
		return client(emulator);
	}

	private static AkiClient.Builder client(AkiEmulator emulator) {
		return AkiClient.builder()
			.apiServer(emulator.apiServer())
			.apiKey(emulator.apiKey())
			.endpoint("llama3_8b_chat")
			.progressInterval(Duration.ofMillis(5));
	}

	@BeforeEach
	void reset() {
		emulator.reset();
		stepwise.reset();
	}

	@AfterEach
	void close() {
		this.aki.close();
	}

	@AfterAll
	static void stop() {
		emulator.close();
		stepwise.close();
	}

	@Test
	void misuseIsAnErrorAtOnce() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.aki.doApiRequest(null))
			.withMessageContaining("'params' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> this.aki.doApiRequestAsync(null));
		assertThatIllegalArgumentException().isThrownBy(() -> this.aki.resume(""));
		assertThatIllegalArgumentException().isThrownBy(() -> this.aki.cancelRequest(" "));
		AkiClient withoutEndpoint = AkiClient.builder().apiServer(emulator.apiServer()).apiKey("k").build();
		assertThatIllegalStateException().isThrownBy(() -> withoutEndpoint.doApiRequest(STORY))
			.withMessageContaining("aki.io.endpoint");
		AkiClient withoutKey = AkiClient.builder().apiServer(emulator.apiServer()).endpoint("e").build();
		assertThatIllegalStateException().isThrownBy(() -> withoutKey.doApiRequest(STORY))
			.withMessageContaining("aki.io.api-key");
		assertThatIllegalStateException().isThrownBy(() -> withoutKey.doApiRequestAsync(STORY))
			.withMessageContaining("AKI_API_KEY");
		assertThat(emulator.requests()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", ".", "..", "a/b", "a b", "a?b", "a#b", "%2e", "ä", "../validate_key" })
	void aNameThatIsNoPathSegmentIsNoEndpoint(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.aki.forEndpoint(name));
		assertThatIllegalArgumentException().isThrownBy(() -> this.aki.getEndpointDetails(name));
		assertThatIllegalArgumentException().isThrownBy(() -> client().endpoint(name).build());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "aki.io", "ftp://aki.io", "http://", "http://u:p@aki.io", "https://aki.io?x=1",
			"http://a b" })
	void aServerThatIsNoBaseUrlIsRefused(String server) {
		assertThatExceptionOfType(AkiSettingException.class).isThrownBy(() -> client().apiServer(server).build())
			.satisfies((ex) -> assertThat(ex.setting()).isEqualTo("apiServer"));
	}

	@Test
	void settingsThatCannotBeAreRefused() {
		for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
			List<Consumer<AkiClient.Builder>> settings = List.of((builder) -> builder.progressInterval(bad),
					(builder) -> builder.connectTimeout(bad), (builder) -> builder.readTimeout(bad),
					(builder) -> builder.progressTimeout(bad), (builder) -> builder.jobTimeout(bad),
					(builder) -> builder.cancelTimeout(bad), (builder) -> builder.outageTimeout(bad));
			assertThat(settings).allSatisfy((setting) -> assertThatExceptionOfType(AkiSettingException.class)
				.isThrownBy(() -> setting.accept(client())));
		}
		assertThatExceptionOfType(AkiSettingException.class)
			.isThrownBy(() -> client().maxResponseSize(DataSize.ofBytes(0)).build());
		assertThatExceptionOfType(AkiSettingException.class).isThrownBy(
				() -> client().restClientBuilder(RestClient.builder()).connectTimeout(Duration.ofSeconds(1)).build())
			.withMessageContaining("aki.io.connect-timeout");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "secret\n", "se cret", "se\u0000cret", "sec\u00a0ret" })
	void aKeyThatCannotBeIsRefusedWithoutShowingIt(String key) {
		assertThatExceptionOfType(AkiSettingException.class).isThrownBy(() -> client().apiKey(key))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("cret"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.aki.setApiKey(key));
	}

	@Test
	void aViewSharesTheJobsAndTheKeyAndClosingItDoesNothing() {
		AkiClient view = this.aki.forEndpoint("z_image_turbo");
		AkiJob job = view.doApiRequestAsync(Map.of("prompt", "HANG"));
		awaitAcceptance(job);
		view.close();
		assertThat(job.result()).isNotDone();
		assertThat(this.aki.cancelRequest(job.jobId()).jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThat(this.aki.initApiKey().success()).isTrue();
	}

	@Test
	void aMutatedClientHasItsOwnSettingsJobsAndKey() {
		AkiClient raising = this.aki.mutate().raiseExceptions(true).endpoint("z_image_turbo").build();
		assertThatExceptionOfType(AkiBadRequestException.class).isThrownBy(() -> raising.doApiRequest(Map.of()));
		assertThat(this.aki.doApiRequest(Map.of("bogus", 1)).success()).isFalse();
		raising.setApiKey("bad");
		assertThat(this.aki.initApiKey().success()).isTrue();
		AkiJob job = this.aki.doApiRequestAsync(HANG);
		awaitAcceptance(job);
		raising.cancelRequest();
		raising.close();
		assertThat(job.result()).isNotDone();
		assertThatIllegalStateException().isThrownBy(() -> raising.doApiRequest(STORY)).withMessageContaining("closed");
		assertThat(this.aki.doApiRequest(STORY).success()).isTrue();
	}

	@Test
	void closingAClientEndsTheJobsOfThoseMadeFromIt() {
		AkiClient child = this.aki.mutate().build();
		AkiJob job = child.doApiRequestAsync(HANG);
		awaitAcceptance(job);
		this.aki.close();
		assertThat(job.result().join().error()).isEqualTo("canceled: the client was closed");
		assertThatIllegalStateException().isThrownBy(() -> child.doApiRequest(STORY));
	}

	@Test
	void cancelRequestInACallbackWithoutAnIdCancelsThatJobAlone() {
		AkiJob other = this.aki.doApiRequestAsync(HANG);
		awaitAcceptance(other);
		AkiResult result = this.aki.doApiRequest(HANG, (info, data) -> this.aki.cancelRequest());
		assertThat(result.error()).isEqualTo("canceled");
		assertThat(other.result()).isNotDone();
	}

	@Test
	void aCanceledJobKeepsItsPartialText() {
		AkiClient client = client(stepwise).build();
		AtomicReference<String> seen = new AtomicReference<>();
		AkiResult result = client.doApiRequest(STORY, (info, data) -> {
			clock.advance(Duration.ofMillis(200));
			if (data != null && data.text() != null && !data.text().isEmpty()) {
				seen.set(data.text());
				client.cancelRequest(info.jobId());
			}
		});
		assertThat(result.success()).isFalse();
		assertThat(result.error()).isEqualTo("canceled");
		assertThat(result.text()).startsWith(seen.get());
	}

	@Test
	void cancelRequestFromAnotherThreadWaitsForTheConfirmation() {
		AkiJob job = this.aki.doApiRequestAsync(HANG);
		awaitAcceptance(job);
		AkiResult answer = this.aki.cancelRequest(job.jobId());
		assertThat(answer.success()).isTrue();
		assertThat(answer.jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThat(answer.asMap()).containsEntry("success", true).containsEntry("job_id", job.jobId());
		assertThat(job.result().join().error()).isEqualTo("canceled");
	}

	@Test
	void cancelRequestWithRaisedExceptionsDoesNotThrowForASuccessfulCancel() {
		AkiClient raising = client().raiseExceptions(true).build();
		AkiJob job = raising.doApiRequestAsync(HANG);
		awaitAcceptance(job);
		assertThat(raising.cancelRequest(job.jobId()).jobState()).isEqualTo(AkiJobState.CANCELED);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> job.result().join())
			.withCauseInstanceOf(AkiCanceledException.class);
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> raising.cancelRequest("unknown#1"));
	}

	@Test
	void cancelRequestForAJobThatHasJustFinishedBringsItsResult() {
		try (ScriptedServer server = new ScriptedServer()) {
			server.json(
					"{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"success\": true, \"text\": \"whole\"}}");
			AkiResult answer = server.client().build().cancelRequest("j#1");
			assertThat(answer.text()).isEqualTo("whole");
			assertThat(answer.jobState()).isEqualTo(AkiJobState.DONE);
		}
	}

	@Test
	void aServerThatIgnoresTheCancelEndsInAFailureThatSaysSo() {
		try (ScriptedServer server = new ScriptedServer()) {
			server.json("{\"success\": true, \"job_id\": \"j#1\"}")
				.json("{\"success\": true, \"job_state\": \"processing\", \"progress\": {\"progress\": 1}}");
			AkiClient client = server.client().cancelTimeout(Duration.ofMillis(100)).build();
			AkiResult result = client.doApiRequest(STORY, (info, data) -> client.cancelRequest());
			assertThat(result.error()).startsWith("canceled").contains("did not confirm");
			assertThat(server.requests()).filteredOn((request) -> request.path().contains("progress"))
				.isNotEmpty()
				.allSatisfy((request) -> assertThat(request.json()).containsEntry("cancel", true));
		}
	}

	@Test
	void cancelingTheFutureCancelsTheJob() throws Exception {
		AkiJob job = this.aki.doApiRequestAsync(HANG);
		awaitAcceptance(job);
		assertThat(job.result().cancel(false)).isTrue();
		((DefaultAkiJob) job).ended().get();
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled");
	}

	@Test
	void closingTheStreamCancelsTheJob() throws Exception {
		AkiJob job = this.aki.doApiRequestAsync(HANG);
		try (Stream<AkiProgress> progress = job.progress()) {
			progress.filter((report) -> report.info().jobState() == AkiJobState.RUNNING).findFirst();
		}
		((DefaultAkiJob) job).ended().get();
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled");
	}

	@Test
	void theStreamEndsWithTheJob() {
		AkiJob job = client(stepwise).build().doApiRequestAsync(STORY);
		List<AkiProgress> reports = job.progress().peek((report) -> clock.advance(Duration.ofMillis(200))).toList();
		assertThat(reports).hasSizeGreaterThan(2);
		assertThat(job.result().join().text()).startsWith(reports.get(reports.size() - 1).data().text());
		assertThat(job.progress()).as("latest report, after the end").containsExactly(reports.get(reports.size() - 1));
	}

	@Test
	void thePublisherHonoursDemandAndCompletesWithTheJob() throws Exception {
		AkiJob job = client(stepwise).build()
			.doApiRequestAsync(STORY, (info, data) -> clock.advance(Duration.ofSeconds(1)));
		List<AkiProgress> reports = new ArrayList<>();
		AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
		CountDownLatch first = new CountDownLatch(1);
		CompletableFuture<Void> completed = new CompletableFuture<>();
		job.publisher().subscribe(new Flow.Subscriber<>() {

			@Override
			public void onSubscribe(Flow.Subscription given) {
				subscription.set(given);
				given.request(1);
			}

			@Override
			public void onNext(AkiProgress report) {
				reports.add(report);
				first.countDown();
			}

			@Override
			public void onError(Throwable ex) {
				completed.completeExceptionally(ex);
			}

			@Override
			public void onComplete() {
				completed.complete(null);
			}

		});
		assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
		job.result().join();
		assertThat(reports).as("one was requested").hasSize(1);
		assertThat(completed).as("an unread report comes before the end").isNotDone();
		subscription.get().request(Long.MAX_VALUE);
		completed.get(10, TimeUnit.SECONDS);
		assertThat(reports).as("of those not read the latest").hasSize(2);
	}

	@Test
	void aSubscriberThatCancelsCancelsTheJob() throws Exception {
		AkiJob job = this.aki.doApiRequestAsync(HANG);
		job.publisher().subscribe(new Flow.Subscriber<>() {

			private Flow.Subscription subscription;

			@Override
			public void onSubscribe(Flow.Subscription subscription) {
				this.subscription = subscription;
				subscription.request(1);
			}

			@Override
			public void onNext(AkiProgress report) {
				this.subscription.cancel();
			}

			@Override
			public void onError(Throwable ex) {
			}

			@Override
			public void onComplete() {
			}

		});
		((DefaultAkiJob) job).ended().get();
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled");
	}

	@Test
	void aCallbackThatThrowsCancelsTheJobAndItsExceptionComesUnchanged() {
		IllegalStateException thrown = new IllegalStateException("mine");
		AkiProgressCallback callback = (info, data) -> {
			throw thrown;
		};
		assertThatIllegalStateException().isThrownBy(() -> this.aki.doApiRequest(HANG, callback)).isSameAs(thrown);
		assertThatIllegalStateException().isThrownBy(() -> this.aki.doApiRequestAwait(HANG, callback)).isSameAs(thrown);
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.aki.doApiRequestAsync(HANG, callback).result().join())
			.withCause(thrown);
		assertThat(emulator.jobs()).hasSize(3).extracting(AkiEmulatorJob::state).containsOnly("canceled");
	}

	@Test
	void anInterruptBetweenTwoPollsEndsACallThatPollsAndCancelsItsJob() throws Exception {
		AkiClient client = client().progressInterval(Duration.ofSeconds(50)).build();
		AtomicReference<Thread> waiting = new AtomicReference<>();
		assertInterruptible(() -> client.doApiRequest(HANG, (info, data) -> waiting.set(Thread.currentThread())),
				() -> waiting.get() != null && waiting.get().getState() == Thread.State.WAITING);
		client.close();
	}

	@Test
	void anInterruptEndsDoApiRequestAwaitAndCancelsItsJob() throws Exception {
		assertInterruptible(() -> this.aki.doApiRequestAwait(HANG),
				() -> !emulator.jobs().isEmpty() && emulator.jobs().get(0).polls() >= 2);
	}

	/**
	 * Wait until a condition is true. The timeout of the test limits the wait.
	 */
	private static void spinUntil(java.util.function.BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new IllegalStateException("It did not come in time");
			}
			Thread.onSpinWait();
		}
	}

	private void assertInterruptible(java.util.function.Supplier<AkiResult> call,
			java.util.function.BooleanSupplier waiting) throws Exception {
		AtomicReference<Boolean> flag = new AtomicReference<>();
		FutureTask<AkiResult> task = new FutureTask<>(() -> {
			AkiResult result = call.get();
			flag.set(Thread.currentThread().isInterrupted());
			return result;
		});
		Thread thread = new Thread(task);
		thread.start();
		spinUntil(waiting);
		thread.interrupt();
		AkiResult result = task.get();
		assertThat(result.success()).isFalse();
		assertThat(result.error()).contains("interrupted");
		assertThat(result.jobId()).isEqualTo(emulator.jobs().get(0).id());
		assertThat(flag.get()).isTrue();
		spinUntil(() -> emulator.jobs().get(0).state().equals("canceled"));
	}

	@Test
	void aThreadThatIsInterruptedAlreadyStartsNoJob() {
		Thread.currentThread().interrupt();
		AkiResult result = this.aki.doApiRequest(STORY, (info, data) -> {
		});
		assertThat(Thread.interrupted()).isTrue();
		assertThat(result.error()).contains("interrupted");
		assertThat(emulator.jobs()).isEmpty();
	}

	@Test
	void resumeGoesOnWithAJobOfAnotherClient() {
		AkiClient first = client(stepwise).cancelOnClose(false).build();
		AkiJob job = first.doApiRequestAsync(STORY);
		awaitAcceptance(job);
		first.close();
		AkiResult left = job.result().join();
		assertThat(left.success()).isFalse();
		assertThat(left.error()).contains("resume(\"" + job.jobId() + "\")");
		List<AkiProgressInfo> infos = new ArrayList<>();
		AkiResult result = client(stepwise).build().resume(job.jobId(), (info, data) -> {
			infos.add(info);
			clock.advance(Duration.ofSeconds(1));
		}).result().join();
		assertThat(result.success()).isTrue();
		assertThat(result.jobId()).isEqualTo(job.jobId());
		assertThat(infos).isNotEmpty().allSatisfy((info) -> assertThat(info.jobId()).isEqualTo(job.jobId()));
		assertThat(stepwise.jobs()).hasSize(1);
	}

	@Test
	void closingCancelsTheJobsAndLeavesNoThread() {
		Set<Thread> before = threads();
		AkiClient client = client().build();
		AkiJob job = client.doApiRequestAsync(HANG);
		awaitAcceptance(job);
		client.close();
		assertThat(job.result().join().error()).isEqualTo("canceled: the client was closed");
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::state).containsOnly("canceled");
		spinUntil(() -> before.containsAll(threads()));
		assertThatIllegalStateException().isThrownBy(() -> client.doApiRequest(STORY)).withMessageContaining("closed");
		client.close();
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("aki-client-"))
			.collect(Collectors.toSet());
	}

	@Test
	void aSupplierIsAskedAtEachExchange() {
		AtomicReference<String> key = new AtomicReference<>("bad");
		AkiClient supplied = client().apiKey(key::get).build();
		assertThat(supplied.doApiRequest(STORY).errorCode()).isEqualTo(401);
		key.set("test-key");
		assertThat(supplied.doApiRequest(STORY).success()).isTrue();
		key.set(null);
		assertThatIllegalStateException().isThrownBy(() -> supplied.doApiRequest(STORY))
			.withMessageContaining("supplier");
	}

	@Test
	void aSupplierThatFailsInTheMiddleOfAJobIsWaitedFor() {
		AtomicReference<Integer> asked = new AtomicReference<>(0);
		AkiClient supplied = client(stepwise)
			.retry(new AkiRetryPolicy(4, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.apiKey(() -> {
				int times = asked.updateAndGet((value) -> value + 1);
				if (times == 4) {
					throw new IllegalStateException("vault is sealed");
				}
				return "test-key";
			})
			.build();
		assertThat(supplied.doApiRequestAwait(STORY, (info, data) -> clock.advance(Duration.ofSeconds(1))).success())
			.isTrue();
		assertThat(asked.get()).isGreaterThan(4);
	}

	@Test
	void aServerThatIsNotThereIsAFailureAfterAllAttempts() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		AkiClient nowhere = client().apiServer("http://127.0.0.1:" + port)
			.retry(new AkiRetryPolicy(3, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
			.build();
		for (AkiResponse response : List.of(nowhere.doApiRequest(STORY), nowhere.doApiRequestAwait(STORY),
				nowhere.getEndpointList(), nowhere.initApiKey())) {
			assertThat(response.success()).isFalse();
			assertThat(response.error()).startsWith("The server cannot be reached");
			assertThat(response.errorCode()).isNull();
			assertThatExceptionOfType(AkiConnectionException.class).isThrownBy(response::orThrow)
				.satisfies((ex) -> assertThat(stackOf(ex)).doesNotContain("test-key"));
		}
	}

	@Test
	void anAnswerThatIsTooLargeIsAFailure() {
		try (ScriptedServer server = new ScriptedServer()) {
			server.json("{\"success\": true, \"text\": \"" + "x".repeat(5000) + "\"}");
			AkiResult result = server.client().maxResponseSize(DataSize.ofBytes(1000)).build().doApiRequest(STORY);
			assertThat(result.error()).contains("larger than 1000 bytes").contains("aki.io.max-response-size");
			assertThat(server.requests()).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anAnswerThatIsTooLargeIsBrokenOffRatherThanReadToItsEnd(boolean apache) throws Exception {
		AkiClientHttpRequestFactory engine = new AkiClientHttpRequestFactory(
				apache ? new HttpComponentsClientHttpRequestFactory() : new JdkClientHttpRequestFactory());
		AkiClient client = client().restClientBuilder(RestClient.builder().requestFactory(engine))
			.maxResponseSize(DataSize.ofKilobytes(100))
			.build();
		emulator.faults().add(AkiEmulatorFault.oversizedInChunks(1L << 40).always());
		assertThat(client.doApiRequest(STORY).error()).contains("larger than 102400 bytes");
		assertThat(client.getEndpointList().error()).contains("larger than 102400 bytes");
		engine.destroy();
	}

	@Test
	void aRedirectIsRefusedWithAMessage() {
		try (ScriptedServer server = new ScriptedServer()) {
			server
				.reply(ScriptedServer.Reply.json(302, "").with("Location", "https://elsewhere.example/?key=test-key"));
			AkiResult result = server.client().build().doApiRequest(STORY);
			assertThat(result.error()).contains("redirects (302 Found) to https://elsewhere.example/")
				.doesNotContain("test-key");
			assertThat(server.requests()).hasSize(1);
		}
	}

	@Test
	void aPageOfAGatewayIsReadAsText() {
		try (ScriptedServer server = new ScriptedServer()) {
			server.reply(ScriptedServer.Reply.of(502, "text/html",
					"<html><head><title>x</title></head><body><h1>502 Bad Gateway</h1>\n<hr>nginx</body></html>"));
			AkiResult result = server.client().build().doApiRequest(STORY);
			assertThat(result.error()).isEqualTo("502 Bad Gateway nginx");
			assertThat(result.errorCode()).isEqualTo(502);
		}
	}

	@Test
	void anEmptyAnswerIsAFailure() {
		try (ScriptedServer server = new ScriptedServer()) {
			server.reply(ScriptedServer.Reply.of(200, "application/json", ""))
				.reply(ScriptedServer.Reply.of(404, "text/plain", ""));
			assertThat(server.client().build().doApiRequest(STORY).error()).contains("(200 OK)").contains("empty");
			assertThat(server.client().build().doApiRequest(STORY).error()).isEqualTo("404 Not Found");
		}
	}

	@Test
	void aPollThatTakesTooLongIsRepeatedAndABlockingCallIsNot() {
		CountDownLatch released = new CountDownLatch(1);
		try (ScriptedServer server = new ScriptedServer()) {
			server.json("{\"success\": true, \"job_id\": \"j#1\"}").on((request) -> {
				await(released);
				return ScriptedServer.Reply.json(200, "{}");
			}).json("{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"text\": \"x\"}}");
			AkiClient client = server.client()
				.progressTimeout(Duration.ofSeconds(1))
				.readTimeout(Duration.ofMillis(150))
				.retry(new AkiRetryPolicy(4, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
				.build();
			assertThat(client.doApiRequestAwait(STORY).text()).isEqualTo("x");
			server.requests().clear();
			server.on((request) -> {
				await(released);
				return ScriptedServer.Reply.json(200, "{}");
			});
			client.doApiRequest(STORY);
			AkiResult late = client.doApiRequest(STORY);
			assertThat(late.error()).startsWith("No complete response within 0.15 s").contains("not started again");
			assertThatExceptionOfType(AkiTimeoutException.class).isThrownBy(late::orThrow);
			released.countDown();
		}
	}

	@Test
	void answersAreWrittenAsTheApisOwnJson() {
		AkiProgressInfo info = AkiProgressInfo.accepted("j#1");
		assertThat(ScriptedServer.JSON.writeValueAsString(info)).isEqualTo(
				"{\"job_id\":\"j#1\",\"progress\":0.0,\"queue_position\":-1,\"estimate\":-1.0,\"job_state\":\"queued\",\"server_state\":\"queued\",\"success\":true}");
		assertThat(ScriptedServer.JSON.writeValueAsString(new AkiBinary("PNG", new byte[] { 1, 2, 3 })))
			.isEqualTo("\"data:image/png;base64,AQID\"");
		AkiResult failure = this.aki.doApiRequest(Map.of("bogus", 1));
		assertThat(ScriptedServer.JSON.valueToTree(failure).toString())
			.startsWith("{\"success\":false,\"error\":\"Invalid input parameter(s): bogus")
			.endsWith("\"ep_version\":3,\"error_code\":400}");
	}

	@Test
	void noStringOfTheClientShowsTheKey() {
		AkiClient client = client().apiKey("very-secret").build();
		AkiJob job = client.doApiRequestAsync(STORY);
		AkiResult result = job.result().join();
		assertThat(List.of(client, client.forEndpoint("x"), client.mutate(), job, result, result.asMap(),
				new ApiKeys(ApiKeySource.of("very-secret", "a test")), ApiKeySource.of("very-secret", "a test"),
				new RequestBody("very-secret".getBytes())))
			.allSatisfy((object) -> assertThat(object.toString()).doesNotContain("very-secret"));
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static String stackOf(Throwable ex) {
		java.io.StringWriter writer = new java.io.StringWriter();
		ex.printStackTrace(new java.io.PrintWriter(writer));
		return writer.toString();
	}

	private static void awaitAcceptance(AkiJob job) {
		job.progress().findFirst().orElseThrow();
		assertThat(job.jobId()).isNotNull();
	}

}
