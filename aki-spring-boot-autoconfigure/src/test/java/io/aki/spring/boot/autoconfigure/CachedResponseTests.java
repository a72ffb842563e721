package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link CachedResponse} with a clock that the test advances.
 */
@Timeout(60)
class CachedResponseTests {

	private static final Duration TIME_TO_LIVE = Duration.ofSeconds(30);

	private static final Duration PATIENT = Duration.ofSeconds(50);

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

	private final AtomicInteger asked = new AtomicInteger();

	@Test
	void answerIsKeptAsLongAsToldAndNoLonger() {
		CachedResponse<Integer> answer = answer(this.asked::incrementAndGet, PATIENT);
		assertThat(answer.get()).isEqualTo(1);
		this.clock.addAndGet(TIME_TO_LIVE.toNanos() - 1);
		assertThat(answer.get()).isEqualTo(1);
		this.clock.incrementAndGet();
		assertThat(answer.get()).isEqualTo(2);
	}

	@Test
	void timeCountsFromTheAnswerRatherThanFromTheQuestion() {
		CachedResponse<Integer> answer = answer(() -> {
			this.clock.addAndGet(TIME_TO_LIVE.toNanos());
			return this.asked.incrementAndGet();
		}, PATIENT);
		assertThat(answer.get()).isEqualTo(1);
		this.clock.addAndGet(TIME_TO_LIVE.toNanos() - 1);
		assertThat(answer.get()).isEqualTo(1);
	}

	@Test
	void whoDoesNotWaitLongEnoughHasNoAnswerAndTheQuestionIsNotAskedAgain() {
		CompletableFuture<Integer> server = new CompletableFuture<>();
		CachedResponse<Integer> answer = answer(() -> {
			this.asked.incrementAndGet();
			return server.join();
		}, Duration.ZERO);
		assertThat(answer.get()).isNull();
		this.clock.addAndGet(10 * TIME_TO_LIVE.toNanos());
		assertThat(answer.get()).isNull();
		server.complete(7);
		Integer later = null;
		while (later == null) {
			later = answer.get();
			Thread.onSpinWait();
		}
		assertThat(later).isEqualTo(7);
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void manyWhoAskAtOnceAskOnce() throws Exception {
		int crowd = 8;
		CountDownLatch ready = new CountDownLatch(crowd);
		CachedResponse<Integer> answer = answer(this.asked::incrementAndGet, PATIENT);
		ExecutorService threads = Executors.newFixedThreadPool(crowd);
		try {
			List<Future<Integer>> answers = IntStream.range(0, crowd).mapToObj((i) -> threads.submit(() -> {
				ready.countDown();
				ready.await();
				return answer.get();
			})).toList();
			for (Future<Integer> each : answers) {
				assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo(1);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void failureIsKeptAsWell() {
		CachedResponse<Integer> answer = answer(() -> {
			throw new IllegalArgumentException("failure " + this.asked.incrementAndGet());
		}, PATIENT);
		assertThatIllegalStateException().isThrownBy(answer::get).havingCause().withMessage("failure 1");
		assertThatIllegalStateException().isThrownBy(answer::get).havingCause().withMessage("failure 1");
		this.clock.addAndGet(TIME_TO_LIVE.toNanos());
		assertThatIllegalStateException().isThrownBy(answer::get).havingCause().withMessage("failure 2");
	}

	@Test
	void whoIsInterruptedHasNoAnswerAndStaysInterrupted() {
		CompletableFuture<Integer> server = new CompletableFuture<>();
		CachedResponse<Integer> answer = answer(server::join, PATIENT);
		Thread.currentThread().interrupt();
		try {
			assertThat(answer.get()).isNull();
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
			server.complete(1);
		}
	}

	private CachedResponse<Integer> answer(Supplier<Integer> source, Duration maxWait) {
		return new CachedResponse<>(source, TIME_TO_LIVE, maxWait, this.clock::get);
	}

}
