package io.aki.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.aki.client.ScriptedServer.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiJob#text()}, {@link AkiJob#textPublisher()} and
 * {@link AkiJob#keepRunning()}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobTextTests {

	private static final Map<String, Object> PARAMS = Map.of("prompt_input", "Hello");

	private final ScriptedServer server = new ScriptedServer();

	private final AtomicInteger cancels = new AtomicInteger();

	private final AkiClient aki = this.server.client().build();

	@AfterEach
	void close() {
		this.aki.close();
		this.server.close();
	}

	/**
	 * Start the only job, and set the responses to its polls.
	 * @param polls returns the response to a poll by its number, which starts at 0
	 */
	private AkiJob job(IntFunction<Map<String, Object>> polls) {
		AtomicInteger number = new AtomicInteger();
		this.server.on((request) -> {
			if (request.path().startsWith("/api/call/")) {
				return json(Map.of("success", true, "job_id", "job#1"));
			}
			if (request.json().containsKey("cancel")) {
				this.cancels.incrementAndGet();
				return json(Map.of("success", true, "job_state", "canceled"));
			}
			return json(polls.apply(number.getAndIncrement()));
		});
		return this.aki.doApiRequestAsync(PARAMS);
	}

	private static Reply json(Map<String, Object> body) {
		return Reply.json(200, ScriptedServer.JSON.writeValueAsString(body));
	}

	private static Map<String, Object> running(String text) {
		return Map.of("success", true, "job_state", "processing", "progress",
				Map.of("progress", 10, "progress_data", Map.of("text", text)));
	}

	private static Map<String, Object> done(String text) {
		return Map.of("success", true, "job_state", "done", "job_result", Map.of("success", true, "text", text));
	}

	private AkiJob job(String... texts) {
		return job((poll) -> (poll < texts.length - 1) ? running(texts[poll]) : done(texts[texts.length - 1]));
	}

	@Test
	void piecesAddUpToTheAnswerWhichEndsWithTheResult() {
		AkiJob job = job("Once", "Once upon", "Once upon a time.");
		try (Stream<String> text = job.text()) {
			assertThat(text.collect(Collectors.joining())).isEqualTo("Once upon a time.");
		}
		assertThat(job.result().join().answer()).isEqualTo("Once upon a time.");
		assertThat(this.cancels).hasValue(0);
	}

	@Test
	void reasoningIsNotPartOfTheText() {
		assertThat(text(job("<th", "<think>Let me", "<think>Let me see.</thi", "<think>Let me see.</think>\n\nYes",
				"<think>Let me see.</think>\n\nYes!")))
			.isEqualTo("Yes!");
	}

	@Test
	void reasoningThatIsNeverClosedIsNotPartOfTheText() {
		assertThat(text(job("<think>Let", "<think>Let me see"))).isEmpty();
	}

	@Test
	void tagThatIsNotOneIsPartOfTheText() {
		assertThat(text(job("<th", "<thunder"))).isEqualTo("<thunder");
		assertThat(text(job("a <think>", "a <think> b"))).isEqualTo("a <think> b");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Gr\u00fc\u00dfe \ud83d\ude00\ud83d\ude80!", "<think>\ud83d\ude00 hm</think>  \ud83d\ude80 yes",
					" <think>a</think>b</think>c", "<thin", "<think>a</thin", "" })
	void piecesAddUpToTheAnswerForAllPollBoundaries(String whole) {
		Random random = new Random(7);
		String expected = AkiResult.of(Map.of("success", true, "text", whole)).answer();
		for (int i = 0; i < 50; i++) {
			List<Integer> ends = new ArrayList<>();
			IntStream.range(0, random.nextInt(6)).forEach((n) -> ends.add(random.nextInt(whole.length() + 1)));
			Collections.sort(ends);
			AnswerDeltas deltas = new AnswerDeltas();
			StringBuilder read = new StringBuilder();
			for (int end : ends) {
				deltas.add(new AkiProgress(AkiProgressInfo.accepted("j"),
						new AkiProgressData(Map.of("text", whole.substring(0, end)), OutputConversion.NONE)));
				if (random.nextBoolean()) {
					append(read, deltas.poll());
				}
			}
			deltas.add(AkiResult.of(Map.of("success", true, "text", whole)));
			append(read, deltas.poll());
			assertThat(read.toString()).isEqualTo(expected);
		}
	}

	private static void append(StringBuilder read, String piece) {
		if (piece != null) {
			assertThat(piece).isNotEmpty();
			assertThat(Character.isHighSurrogate(piece.charAt(piece.length() - 1))).isFalse();
			read.append(piece);
		}
	}

	@Test
	void readerOfAFailedJobGetsTheTextAndThenTheException() {
		AkiJob job = job((poll) -> (poll == 0) ? running("Once upon") : Map.of("success", true, "job_state", "done",
				"job_result", Map.of("success", true, "error", "The worker has died")));
		List<String> pieces = new ArrayList<>();
		assertThatExceptionOfType(AkiJobFailedException.class).isThrownBy(() -> {
			try (Stream<String> text = job.text()) {
				text.forEach(pieces::add);
			}
		}).withMessageContaining("The worker has died");
		assertThat(String.join("", pieces)).isEqualTo("Once upon");
		assertThat(job.result().join().success()).isFalse();
	}

	@Test
	void subscriberOfACanceledJobGetsTheException() throws Exception {
		AkiJob job = job((poll) -> running("Once"));
		Subscriber subscriber = new Subscriber();
		job.textPublisher().subscribe(subscriber);
		subscriber.first.await();
		job.cancel();
		assertThatExceptionOfType(java.util.concurrent.ExecutionException.class).isThrownBy(subscriber.end::get)
			.withCauseInstanceOf(AkiCanceledException.class);
		assertThat(subscriber.text).hasToString("Once");
	}

	@Test
	void readerThatComesLateGetsTheWholeText() {
		AkiJob job = job("Once", "Once upon a time.");
		job.result().join();
		assertThat(text(job)).isEqualTo("Once upon a time.");
		Subscriber subscriber = new Subscriber();
		job.textPublisher().subscribe(subscriber);
		subscriber.end.join();
		assertThat(subscriber.text).hasToString("Once upon a time.");
	}

	@Test
	void jobIsCanceledWhenItsOnlyReaderLeaves() {
		AkiJob job = job((poll) -> running("Once"));
		try (Stream<String> text = job.text()) {
			Iterator<String> pieces = text.iterator();
			assertThat(pieces.next()).isEqualTo("Once");
		}
		assertThat(job.result().join().error()).isEqualTo("canceled");
		assertThat(this.cancels).hasValue(1);
	}

	@Test
	void jobContinuesWhileThereIsAnotherReader() throws Exception {
		CountDownLatch left = new CountDownLatch(1);
		AkiJob job = job((poll) -> (left.getCount() > 0) ? running("Once") : done("Once more"));
		Subscriber stays = new Subscriber();
		job.textPublisher().subscribe(stays);
		try (Stream<AkiProgress> leaves = job.progress()) {
			assertThat(leaves.iterator().next()).isNotNull();
		}
		left.countDown();
		stays.end.get();
		assertThat(stays.text).hasToString("Once more");
		assertThat(this.cancels).hasValue(0);
	}

	@Test
	void jobIsCanceledWhenItsLastReaderLeaves() throws Exception {
		AkiJob job = job((poll) -> running("Once"));
		Subscriber last = new Subscriber();
		job.textPublisher().subscribe(last);
		job.text().close();
		last.first.await();
		last.subscription.cancel();
		assertThat(job.result().join().error()).isEqualTo("canceled");
		assertThat(this.cancels).hasValue(1);
	}

	@Test
	void jobThatIsToKeepRunningContinuesWithoutReaders() {
		CountDownLatch left = new CountDownLatch(1);
		AkiJob job = job((poll) -> (left.getCount() > 0) ? running("Once") : done("Once more"));
		job.keepRunning().text().close();
		left.countDown();
		assertThat(job.result().join().text()).isEqualTo("Once more");
		assertThat(this.cancels).hasValue(0);
	}

	@Test
	void readingInTheOwnCallbackIsRejected() {
		CompletableFuture<AkiJob> job = new CompletableFuture<>();
		this.server.json("{\"success\": true, \"job_id\": \"job#1\"}")
			.json(ScriptedServer.JSON.writeValueAsString(running("Once")));
		job.complete(this.aki.doApiRequestAsync(PARAMS, (info, data) -> {
			if (data != null) {
				try (Stream<String> text = job.join().text()) {
					text.forEach((piece) -> {
					});
				}
			}
		}));
		assertThatExceptionOfType(java.util.concurrent.CompletionException.class)
			.isThrownBy(() -> job.join().result().join())
			.withCauseInstanceOf(IllegalStateException.class)
			.withMessageContaining("in the callback of this job");
	}

	@Test
	void textStreamSeparatesReasoningOnRequest() {
		StringBuilder answer = new StringBuilder();
		StringBuilder thinking = new StringBuilder();
		AkiTextStream stream = new AkiTextStream(answer::append, thinking::append);
		for (String text : Arrays.asList("<thi", "<think>Let me", "<think>Let me see </thi",
				"<think>Let me see </think> Y")) {
			stream.onProgress(AkiProgressInfo.accepted("j"),
					new AkiProgressData(Map.of("text", text), OutputConversion.NONE));
		}
		AkiResult result = stream
			.finish(AkiResult.of(Map.of("success", true, "text", "<think>Let me see </think> Yes")));
		assertThat(answer).hasToString("Yes").hasToString(result.answer()).hasToString(stream.text());
		assertThat(thinking).hasToString("Let me see").hasToString(result.thinking()).hasToString(stream.thinking());
		assertThat(stream.isRewritten()).isFalse();
	}

	private static String text(AkiJob job) {
		try (Stream<String> text = job.text()) {
			return text.collect(Collectors.joining());
		}
	}

	private static final class Subscriber implements Flow.Subscriber<String> {

		private final StringBuffer text = new StringBuffer();

		private final CountDownLatch first = new CountDownLatch(1);

		private final CompletableFuture<Void> end = new CompletableFuture<>();

		private volatile Flow.Subscription subscription;

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(String piece) {
			this.text.append(piece);
			this.first.countDown();
		}

		@Override
		public void onError(Throwable failure) {
			this.end.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.end.complete(null);
		}

	}

}
