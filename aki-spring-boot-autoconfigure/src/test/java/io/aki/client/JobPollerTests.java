package io.aki.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.aki.client.ScriptedServer.Reply;
import io.aki.client.ScriptedServer.Request;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.core.task.TaskRejectedException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the polling of jobs: which jobs and threads wait for others, and which do
 * not. Each test defines the server's response to each poll.
 */
@Timeout(60)
class JobPollerTests {

	private static final String RUNNING = "{\"success\": true, \"job_state\": \"processing\", \"progress\": {\"progress\": 1, \"progress_data\": {\"text\": \"so\"}}}";

	private static final String DONE = "{\"success\": true, \"job_state\": \"done\", \"job_result\": {\"success\": true, \"text\": \"so be it\"}}";

	private static final String CANCELED = "{\"success\": true, \"job_state\": \"canceled\"}";

	private static final Map<String, Object> STORY = Map.of("prompt_input", "Write a story");

	private final ScriptedServer server = new ScriptedServer();

	private final AtomicInteger started = new AtomicInteger();

	private final AtomicInteger canceled = new AtomicInteger();

	/** Released after each test, so that no exchange blocks the server. */
	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.release.countDown();
		this.server.close();
	}

	/**
	 * Set the server's responses to polls.
	 * @param polls returns the response for the number of a job (from 1) and the number
	 * of its polls so far (from 1)
	 */
	private AkiClient.Builder answering(BiFunction<Integer, Integer, String> polls) {
		Map<Integer, AtomicInteger> counts = new java.util.concurrent.ConcurrentHashMap<>();
		this.server.on((request) -> {
			if (request.path().startsWith("/api/call/")) {
				return Reply.json(200,
						"{\"success\": true, \"job_id\": \"job#" + this.started.incrementAndGet() + "\"}");
			}
			int job = job(request);
			if (request.json().containsKey("cancel")) {
				this.canceled.incrementAndGet();
				return Reply.json(200, CANCELED);
			}
			return Reply.json(200,
					polls.apply(job, counts.computeIfAbsent(job, (key) -> new AtomicInteger()).incrementAndGet()));
		});
		return this.server.client();
	}

	private static int job(Request request) {
		return Integer.parseInt(request.json().get("job_id").toString().substring("job#".length()));
	}

	private String stall() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return DONE;
	}

	@Test
	void pollsThatStallDoNotDelayOtherJobs() {
		int stalling = 40;
		try (AkiClient client = answering((job, poll) -> {
			if (job <= stalling) {
				return stall();
			}
			return (poll < 20) ? RUNNING : DONE;
		}).progressTimeout(Duration.ofSeconds(50)).cancelTimeout(Duration.ofMillis(100)).build()) {
			List<AkiJob> stalled = start(client, stalling);
			List<AkiJob> others = start(client, 40);
			others.forEach((job) -> assertThat(job.result().join().text()).isEqualTo("so be it"));
			assertThat(stalled).allSatisfy((job) -> assertThat(job.result()).isNotDone());
			this.release.countDown();
			stalled.forEach((job) -> assertThat(job.result().join().text()).isEqualTo("so be it"));
		}
	}

	@Test
	void callbacksThatBlockDelayNoOtherJob() {
		try (AkiClient client = answering((job, poll) -> (poll < 3) ? RUNNING : DONE).build()) {
			List<AkiJob> blocked = IntStream.range(0, 30)
				.mapToObj((i) -> client.doApiRequestAsync(STORY, (info, data) -> stall()))
				.toList();
			AtomicInteger reports = new AtomicInteger();
			List<AkiJob> others = IntStream.range(0, 30)
				.mapToObj((i) -> client.doApiRequestAsync(STORY, (info, data) -> reports.incrementAndGet()))
				.toList();
			others.forEach((job) -> assertThat(job.result().join().success()).isTrue());
			assertThat(reports.get()).isEqualTo(90);
			assertThat(blocked).allSatisfy((job) -> assertThat(job.result()).isNotDone());
			this.release.countDown();
			blocked.forEach((job) -> assertThat(job.result().join().success()).isTrue());
		}
	}

	@Test
	void whatDependsOnAResultMayMakeRequestsThatWait() {
		try (AkiClient client = answering((job, poll) -> (poll < 2) ? RUNNING : DONE).build()) {
			List<CompletableFuture<String>> chains = IntStream.range(0, 40)
				.mapToObj((i) -> client.doApiRequestAsync(STORY)
					.result()
					.thenApply((first) -> first.text() + client.doApiRequestAwait(STORY).text()))
				.toList();
			chains.forEach((chain) -> assertThat(chain.join()).isEqualTo("so be itso be it"));
		}
	}

	@Test
	void aCallbackMayMakeRequestsThatWait() {
		try (AkiClient client = answering((job, poll) -> DONE).build()) {
			List<AkiJob> jobs = IntStream.range(0, 40)
				.mapToObj((i) -> client.doApiRequestAsync(STORY,
						(info, data) -> assertThat(client.doApiRequestAwait(STORY).success()).isTrue()))
				.toList();
			jobs.forEach((job) -> assertThat(job.result().join().success()).isTrue());
		}
	}

	@Test
	void callbacksOfAJobComeInOrderAndOneAtATime() {
		try (AkiClient client = answering(
				(job, poll) -> (poll < 30) ? RUNNING.replace("\"progress\": 1,", "\"progress\": " + poll + ",") : DONE)
			.build()) {
			List<Double> seen = new ArrayList<>();
			AtomicInteger atOnce = new AtomicInteger();
			client.doApiRequestAsync(STORY, (info, data) -> {
				assertThat(atOnce.incrementAndGet()).isEqualTo(1);
				seen.add(info.progress());
				atOnce.decrementAndGet();
			}).result().join().orThrow();
			assertThat(seen).hasSize(30).isSorted();
		}
	}

	@Test
	void theCallbackOfACallThatWaitsRunsInItsThread() {
		try (AkiClient client = answering((job, poll) -> (poll < 3) ? RUNNING : DONE).build()) {
			List<Thread> threads = new ArrayList<>();
			client.doApiRequestAwait(STORY, (info, data) -> threads.add(Thread.currentThread()));
			client.doApiRequest(STORY, (info, data) -> threads.add(Thread.currentThread()));
			assertThat(threads).hasSize(6).containsOnly(Thread.currentThread());
		}
	}

	@Test
	void aCancelDoesNotWaitForACallback() {
		try (AkiClient client = answering((job, poll) -> RUNNING).build()) {
			AkiJob job = client.doApiRequestAsync(STORY, (info, data) -> stall());
			awaitAcceptance(job);
			assertThat(client.cancelRequest(job.jobId()).jobState()).isEqualTo(AkiJobState.CANCELED);
			assertThat(this.canceled).hasValue(1);
		}
	}

	@Test
	void aCallbackWithinACallbackMayCancelTheOuterJob() {
		try (AkiClient client = answering((job, poll) -> (job == 1 || poll < 3) ? RUNNING : DONE).build()) {
			AtomicReference<AkiResult> answer = new AtomicReference<>();
			AkiResult outer = client.doApiRequest(STORY,
					(info, data) -> client.doApiRequest(STORY, (innerInfo, innerData) -> {
						if (answer.get() == null) {
							answer.set(client.cancelRequest(info.jobId()));
						}
					}));
			assertThat(outer.error()).isEqualTo("canceled");
			assertThat(answer.get().error()).isNull();
			assertThat(this.canceled).hasValue(1);
		}
	}

	/**
	 * The executor fails as on a machine that cannot create more threads.
	 */
	@Test
	void aJobWithoutAThreadForItsCallerEndsWithTheReason() {
		answering((job, poll) -> RUNNING);
		ClientSettings settings = ClientSettings.DEFAULT.withApiServer(this.server.url())
			.withProgressInterval(Duration.ofMillis(2));
		ClientResources resources = new ClientResources(RestClient.builder(), null, AkiConcurrency.DEFAULT);
		JobRequest request = new JobRequest("chat", Map.of(), null, (info, data) -> {
		}, (action) -> {
			throw new OutOfMemoryError("unable to create native thread");
		});
		DefaultAkiJob job = new DefaultAkiJob(request,
				new JobStateMachine(settings, new Backoff(AkiRetryPolicy.DEFAULT, () -> 0), null, System.nanoTime()),
				new ApiClient(resources.transport(), settings, new ApiKeys(ApiKeySource.of("test-key", "a test"))),
				settings, System::nanoTime, JobObservation.NONE, resources.poller(), (ended) -> {
				});
		job.start();
		assertThat(job.result().join().error()).contains("unable to create native thread")
			.contains("resume(\"job#1\")");
		resources.close(true);
	}

	@Test
	void aClosedStreamEndsTheThreadThatReadsIt() throws Exception {
		try (AkiClient client = answering((job, poll) -> RUNNING).build()) {
			AkiJob job = client.doApiRequestAsync(STORY);
			Stream<AkiProgress> progress = job.progress();
			CountDownLatch reading = new CountDownLatch(3);
			CompletableFuture<Long> read = CompletableFuture
				.supplyAsync(() -> progress.peek((report) -> reading.countDown()).count());
			reading.await();
			progress.close();
			assertThat(read.join()).isGreaterThanOrEqualTo(3);
			assertThat(job.result().join().error()).isEqualTo("canceled");
		}
	}

	@Test
	void aSubscriberMayWaitForTheResult() {
		try (AkiClient client = answering((job, poll) -> (poll < 3) ? RUNNING : DONE).build()) {
			AkiJob job = client.doApiRequestAsync(STORY);
			CompletableFuture<String> text = new CompletableFuture<>();
			job.publisher().subscribe(new Subscriber((report) -> {
			}, () -> text.complete(job.result().join().text())));
			assertThat(text.join()).isEqualTo("so be it");
		}
	}

	@Test
	void aSubscriberThatFailsCancelsTheJobOnTheServer() {
		try (AkiClient client = answering((job, poll) -> RUNNING).build()) {
			AkiJob job = client.doApiRequestAsync(STORY);
			job.publisher().subscribe(new Subscriber((report) -> {
				throw new AssertionError("subscriber");
			}, () -> {
			}));
			assertThat(job.result().join().error()).isEqualTo("canceled");
			assertThat(this.canceled).hasValue(1);
		}
	}

	@Test
	void aCheckedExceptionOfACallbackComesUnchanged() {
		Exception thrown = new Exception("checked");
		try (AkiClient client = answering((job, poll) -> RUNNING).build()) {
			AkiProgressCallback callback = (info, data) -> JobPollerTests.<RuntimeException>sneak(thrown);
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> client.doApiRequest(STORY, callback))
				.isSameAs(thrown);
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> client.doApiRequestAsync(STORY, callback).result().join())
				.withCause(thrown);
		}
		assertThat(this.canceled).hasValue(2);
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable thrown) throws T {
		throw (T) thrown;
	}

	@Test
	void aThreadThatWasInterruptedCancelsItsJobsWhenItClosesTheClient() {
		AkiJob job;
		try (AkiClient client = answering((number, poll) -> RUNNING).build()) {
			job = client.doApiRequestAsync(STORY);
			awaitAcceptance(job);
			Thread.currentThread().interrupt();
		}
		assertThat(Thread.interrupted()).isTrue();
		assertThat(job.result().join().error()).isEqualTo("canceled: the client was closed");
		assertThat(this.canceled).hasValue(1);
	}

	@Test
	void closingInACallbackOfTheBackgroundCancelsItsJob() {
		AkiClient client = answering((job, poll) -> RUNNING).build();
		AkiJob job = client.doApiRequestAsync(STORY, (info, data) -> client.close());
		assertThat(job.result().join().error()).isEqualTo("canceled: the client was closed");
		assertThat(this.canceled).hasValue(1);
	}

	@Test
	void closingWaitsForAStartThatIsOnItsWayAndCancelsTheJob() throws Exception {
		CountDownLatch starting = new CountDownLatch(1);
		this.server.on((request) -> {
			if (request.path().startsWith("/api/call/")) {
				starting.countDown();
				stall();
				return Reply.json(200, "{\"success\": true, \"job_id\": \"job#1\"}");
			}
			this.canceled.incrementAndGet();
			return Reply.json(200, CANCELED);
		});
		AkiClient client = this.server.client().cancelTimeout(Duration.ofSeconds(1)).build();
		AkiJob job = client.doApiRequestAsync(STORY);
		starting.await();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
		awaitRefusal(client);
		this.release.countDown();
		closing.join();
		assertThat(job.result().join().error()).startsWith("canceled: the client was closed");
		assertThat(this.canceled).hasValueGreaterThanOrEqualTo(1);
	}

	@Test
	void closingWithoutCancelingTakesTheResultThatIsOnItsWay() throws Exception {
		CountDownLatch polling = new CountDownLatch(1);
		AkiClient client = answering((job, poll) -> {
			polling.countDown();
			return stall();
		}).cancelOnClose(false).build();
		AkiJob job = client.doApiRequestAsync(STORY);
		polling.await();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
		awaitRefusal(client);
		this.release.countDown();
		closing.join();
		assertThat(job.result().join().text()).isEqualTo("so be it");
		assertThat(this.canceled).hasValue(0);
	}

	@Test
	void aParentsCloseLeavesTheJobsOfAClientThatIsToLeaveThem() {
		AkiClient parent = answering((job, poll) -> RUNNING).build();
		AkiJob job = parent.mutate().cancelOnClose(false).build().doApiRequestAsync(STORY);
		awaitAcceptance(job);
		parent.close();
		assertThat(job.result().join().error()).contains("resume(\"job#1\")");
		assertThat(this.canceled).hasValue(0);
	}

	@Test
	void aClientMadeByMutateSeesNoJobOfAnotherClient() throws Exception {
		this.server.on((request) -> {
			if (request.path().startsWith("/api/call/")) {
				return Reply.json(200, "{\"success\": true, \"job_id\": \"job#1\"}");
			}
			boolean own = "test-key".equals(request.json().get("key"));
			return own ? Reply.json(200, request.json().containsKey("cancel") ? CANCELED : RUNNING) : Reply.json(402,
					"{\"success\": false, \"error\": \"Client has no active request with this job id\"}");
		});
		try (AkiClient tenant = this.server.client().build()) {
			AkiClient other = tenant.mutate().apiKey("other-key").build();
			AkiJob job = tenant.doApiRequestAsync(STORY);
			awaitAcceptance(job);
			other.appendProgressInputParams(job.jobId(), Map.of("stolen", true));
			AkiResult answer = other.cancelRequest(job.jobId());
			assertThat(answer.success()).isFalse();
			assertThat(answer.text()).isNull();
			other.cancelRequest();
			assertThat(job.result()).isNotDone();
			assertThat(this.server.requests()).filteredOn((request) -> "test-key".equals(request.json().get("key")))
				.allSatisfy((request) -> assertThat(request.json()).doesNotContainKeys("stolen", "cancel"));
			assertThat(tenant.forEndpoint("another").cancelRequest(job.jobId()).success()).as("a view").isTrue();
		}
	}

	@Test
	void aPollThatTheServerIsSlowToAnswerIsNotAbandonedHoweverManyThereAre() {
		int jobs = 64;
		CountDownLatch polling = new CountDownLatch(jobs);
		try (AkiClient client = answering((job, poll) -> {
			if (poll == 1) {
				// the only poll of each job returns its result
				polling.countDown();
				await(polling);
			}
			return (poll == 1) ? stallFor(Duration.ofSeconds(2)) : "{\"success\": true, \"job_state\": \"done\"}";
		}).build()) {
			List<AkiJob> started = IntStream.range(0, jobs).mapToObj((i) -> client.doApiRequestAsync(STORY)).toList();
			started.forEach((job) -> assertThat(job.result().join().error()).isNull());
		}
	}

	@Test
	void startsWaitForNothingButAThread() {
		int jobs = 200;
		CountDownLatch starting = new CountDownLatch(jobs);
		this.server.on((request) -> {
			if (request.path().startsWith("/api/call/")) {
				starting.countDown();
				await(starting);
				return Reply.json(200,
						"{\"success\": true, \"job_id\": \"job#" + this.started.incrementAndGet() + "\"}");
			}
			return Reply.json(200, DONE);
		});
		try (AkiClient client = this.server.client().build()) {
			List<AkiJob> started = IntStream.range(0, jobs).mapToObj((i) -> client.doApiRequestAsync(STORY)).toList();
			started.forEach((job) -> assertThat(job.result().join().error()).isNull());
		}
	}

	@Test
	void callbacksThatTakeAShortTimeGetMoreThreads() throws Exception {
		int wanted = 30;
		AtomicInteger running = new AtomicInteger();
		CountDownLatch reached = new CountDownLatch(1);
		try (AkiClient client = answering((job, poll) -> RUNNING).build()) {
			for (int i = 0; i < 100; i++) {
				client.doApiRequestAsync(STORY, (info, data) -> {
					if (running.incrementAndGet() >= wanted) {
						reached.countDown();
					}
					sleep(Duration.ofMillis(40));
					running.decrementAndGet();
				});
			}
			assertThat(reached.await(30, TimeUnit.SECONDS)).as("%d callbacks at the same time", wanted).isTrue();
		}
	}

	@Test
	void aCancelIsSentBeforeThePollsThatWait() throws Exception {
		CountDownLatch polling = new CountDownLatch(1);
		try (AkiClient client = answering((job, poll) -> {
			polling.countDown();
			stall();
			return RUNNING;
		}).concurrency(new AkiConcurrency(1000, 1, 1, false)).cancelOnClose(false).build()) {
			client.doApiRequestAsync(STORY);
			polling.await();
			List<AkiJob> waiting = IntStream.range(0, 40).mapToObj((i) -> client.resume("job#" + (100 + i))).toList();
			AkiJob canceled = waiting.get(39);
			canceled.cancel();
			this.release.countDown();
			assertThat(canceled.result().join().error()).isEqualTo("canceled");
			assertThat(this.server.requests()).filteredOn((request) -> request.path().startsWith("/api/progress/"))
				.extracting((request) -> request.json().containsKey("cancel"))
				.startsWith(false, true);
		}
	}

	@Test
	void closingInWhatDependsOnAResultDoesNotInterruptIt() {
		AkiClient client = answering((job, poll) -> (poll < 3) ? RUNNING : DONE).build();
		AkiJob job = client.doApiRequestAsync(STORY);
		CompletableFuture<Boolean> interrupted = job.result().thenApply((result) -> {
			client.close();
			return Thread.currentThread().isInterrupted();
		});
		assertThat(interrupted.join()).isFalse();
	}

	@Test
	void closingInOnCompleteDoesNotInterruptTheSubscriber() {
		AkiClient client = answering((job, poll) -> (poll < 3) ? RUNNING : DONE).build();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		client.doApiRequestAsync(STORY).publisher().subscribe(new Subscriber((report) -> {
		}, () -> {
			client.close();
			interrupted.complete(Thread.currentThread().isInterrupted());
		}));
		assertThat(interrupted.join()).isFalse();
	}

	@Test
	void aResultThatIsThereWhenItsCallerIsInterruptedIsKept() {
		Thread caller = Thread.currentThread();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				caller.interrupt();
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		try (AkiClient client = answering((job, poll) -> (poll < 2) ? RUNNING : DONE).observationRegistry(registry)
			.build()) {
			assertThat(client.doApiRequestAwait(STORY).text()).isEqualTo("so be it");
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void cancelingAJobThatNoOneFollowsWaitsForTheConfirmation() {
		this.server.json(RUNNING).json(RUNNING).json(CANCELED);
		try (AkiClient client = this.server.client().build()) {
			AkiResult answer = client.cancelRequest("job#1");
			assertThat(answer.success()).isTrue();
			assertThat(answer.jobState()).isEqualTo(AkiJobState.CANCELED);
			assertThat(this.server.requests()).hasSize(3)
				.allSatisfy((request) -> assertThat(request.json()).containsEntry("cancel", true));
		}
	}

	@Test
	void cancelingAJobWhoseResultIsGoneIsAFailure() {
		this.server.json("{\"success\": true, \"job_state\": \"done\"}");
		try (AkiClient client = this.server.client().raiseExceptions(true).build()) {
			assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> client.cancelRequest("job#1"))
				.withMessageContaining("lost");
		}
	}

	@Test
	void cancelingAJobThatHasLapsedSaysSo() {
		this.server.reply(400, "{\"success\": false, \"job_state\": \"lapsed\", \"error\": \"Job lapsed!\"}");
		try (AkiClient client = this.server.client().raiseExceptions(true).build()) {
			assertThatExceptionOfType(AkiLapsedException.class).isThrownBy(() -> client.cancelRequest("job#1"));
		}
	}

	@Test
	void aCancelThatReachesNoServerIsAConnectionFailure() {
		this.server.close();
		try (AkiClient client = this.server.client()
			.cancelTimeout(Duration.ofMillis(500))
			.raiseExceptions(true)
			.build()) {
			assertThatExceptionOfType(AkiConnectionException.class).isThrownBy(() -> client.cancelRequest("job#1"))
				.withMessageContaining("did not confirm");
		}
	}

	@Test
	void aJobBeyondTheLimitIsRefused() {
		try (AkiClient client = answering((job, poll) -> RUNNING).concurrency(new AkiConcurrency(2, 4, 1, false))
			.build()) {
			AkiJob first = client.doApiRequestAsync(STORY);
			client.doApiRequestAsync(STORY);
			assertThatExceptionOfType(TaskRejectedException.class).isThrownBy(() -> client.doApiRequestAsync(STORY))
				.withMessageContaining("2 jobs")
				.withMessageContaining("aki.io.concurrency.max-jobs");
			assertThat(client.cancelRequest("job#77").jobState()).as("a cancel does not count")
				.isEqualTo(AkiJobState.CANCELED);
			first.cancel();
			first.result().join();
			assertThat(client.doApiRequestAsync(STORY)).isNotNull();
		}
	}

	@Test
	void aJobThatWaitsInLineForItsStartIsCanceledAtOnce() throws Exception {
		CountDownLatch starting = new CountDownLatch(1);
		this.server.on((request) -> {
			starting.countDown();
			stall();
			return Reply.json(200, "{\"success\": true, \"job_id\": \"job#1\"}");
		});
		try (AkiClient client = this.server.client()
			.concurrency(new AkiConcurrency(10, 1, 1, false))
			.cancelOnClose(false)
			.build()) {
			AkiJob onItsWay = client.doApiRequestAsync(STORY);
			starting.await();
			AkiJob inLine = client.doApiRequestAsync(STORY);
			inLine.cancel();
			assertThat(inLine.result().join().error()).isEqualTo("canceled");
			assertThat(onItsWay.result()).isNotDone();
			assertThat(this.server.requests()).hasSize(1);
			this.release.countDown();
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void theThreadsAreVirtualWhereThatIsAskedFor() {
		try (AkiClient client = answering((job, poll) -> (poll < 3) ? RUNNING : DONE)
			.concurrency(AkiConcurrency.VIRTUAL)
			.build()) {
			BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
			client.doApiRequestAsync(STORY, (info, data) -> threads.add(Thread.currentThread())).result().join();
			assertThat(threads).isNotEmpty()
				.allSatisfy((thread) -> assertThat(thread.toString()).startsWith("VirtualThread["));
		}
	}

	@Test
	void whatBelongsToTheConnectionsCannotBeChangedForAGivenRestClient() {
		try (AkiClient client = AkiClient.builder().apiKey("key").restClientBuilder(RestClient.builder()).build()) {
			assertThatExceptionOfType(AkiSettingException.class)
				.isThrownBy(() -> client.mutate().connectTimeout(Duration.ofSeconds(1)).build())
				.satisfies((ex) -> assertThat(ex.setting()).isEqualTo("connectTimeout"));
			assertThatExceptionOfType(AkiSettingException.class)
				.isThrownBy(() -> client.mutate().concurrency(AkiConcurrency.DEFAULT).build())
				.satisfies((ex) -> assertThat(ex.setting()).isEqualTo("concurrency"));
		}
	}

	private static List<AkiJob> start(AkiClient client, int count) {
		List<AkiJob> jobs = IntStream.range(0, count).mapToObj((i) -> client.doApiRequestAsync(STORY)).toList();
		jobs.forEach(JobPollerTests::awaitAcceptance);
		return jobs;
	}

	private static void awaitAcceptance(AkiJob job) {
		// the stream is not closed, because that would cancel the job
		job.progress().iterator().next();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** The delay is real, because the test is about a slow server. */
	private static String stallFor(Duration time) {
		sleep(time);
		return DONE;
	}

	private static void sleep(Duration time) {
		try {
			TimeUnit.NANOSECONDS.sleep(time.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void awaitRefusal(AkiClient client) {
		AtomicReference<Exception> refusal = new AtomicReference<>();
		while (refusal.get() == null) {
			if (Thread.interrupted()) {
				throw new IllegalStateException("The client was not closed in time");
			}
			try {
				client.mutate().apiServer("http://127.0.0.1:1").retry(AkiRetryPolicy.none()).build().getEndpointList();
			}
			catch (IllegalStateException ex) {
				refusal.set(ex);
			}
		}
	}

	private static final class Subscriber implements Flow.Subscriber<AkiProgress> {

		private final java.util.function.Consumer<AkiProgress> onNext;

		private final Runnable onComplete;

		Subscriber(java.util.function.Consumer<AkiProgress> onNext, Runnable onComplete) {
			this.onNext = onNext;
			this.onComplete = onComplete;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(AkiProgress report) {
			this.onNext.accept(report);
		}

		@Override
		public void onError(Throwable ex) {
		}

		@Override
		public void onComplete() {
			this.onComplete.run();
		}

	}

}
