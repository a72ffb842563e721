package io.aki.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;

import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiStartRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link EndpointLimits}.
 */
@Timeout(30)
class EndpointLimitsTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000);

	private final List<String> refused = new ArrayList<>();

	@Test
	void startsWithinSixtySecondsAreLimited() {
		EndpointLimits limits = limits(Map.of("chat", limit(2, null)));
		start(limits, "chat");
		advance(Duration.ofSeconds(20));
		start(limits, "chat");
		advance(Duration.ofSeconds(39).plusNanos(999_999_999));
		AkiRequestRefusedException refusal = refusal(limits, "chat");
		assertThat(refusal.retryAfter()).isEqualTo(Duration.ofNanos(1));
		assertThat(refusal.reason()).isEqualTo("no more than 2 requests may start within 60 s");
		assertThat(refusal).hasMessageContaining("Try again in 1 s")
			.hasMessageContaining("The limit is 'aki.io.limits.chat.starts-per-minute'");
		advance(Duration.ofNanos(1));
		start(limits, "chat");
		assertThat(refusal(limits, "chat").retryAfter()).isEqualTo(Duration.ofSeconds(20));
		assertThat(this.refused).containsExactly("chat starts-per-minute", "chat starts-per-minute");
	}

	@Test
	void refusedStartIsNotCounted() {
		EndpointLimits limits = limits(Map.of("chat", limit(1, null)));
		start(limits, "chat");
		for (int i = 0; i < 59; i++) {
			advance(Duration.ofSeconds(1));
			refusal(limits, "chat");
		}
		advance(Duration.ofSeconds(1));
		start(limits, "chat");
	}

	@Test
	void runningJobsAreLimited() {
		EndpointLimits limits = limits(Map.of("chat", limit(null, 2)));
		AkiStartRequest first = start(limits, "chat");
		start(limits, "chat");
		AkiRequestRefusedException refusal = refusal(limits, "chat");
		assertThat(refusal.retryAfter()).isEqualTo(EndpointLimits.RETRY_DELAY_FOR_MAX_JOBS);
		assertThat(refusal).hasMessageContaining("no more than 2 requests may run at the same time")
			.hasMessageContaining("The limit is 'aki.io.limits.chat.max-jobs'");
		limits.afterEnd(first);
		start(limits, "chat");
		refusal(limits, "chat");
		assertThat(this.refused).containsOnly("chat max-jobs").hasSize(2);
	}

	@Test
	void defaultIsCountedForEachEndpoint() {
		EndpointLimits limits = limits(Map.of("default", limit(1, null), "image", limit(null, 1)));
		start(limits, "chat");
		start(limits, "speech");
		assertThat(refusal(limits, "chat")).hasMessageContaining("'aki.io.limits.default.starts-per-minute'");
		limits.afterEnd(start(limits, "image"));
		start(limits, "image");
		refusal(limits, "image");
	}

	@Test
	void defaultCanBeWrittenInUpperCase() {
		EndpointLimits limits = limits(Map.of("DEFAULT", limit(1, null)));
		start(limits, "chat");
		refusal(limits, "chat");
		assertThat(this.refused).containsExactly("DEFAULT starts-per-minute");
	}

	@Test
	void endpointWithoutLimitIsNotLimited() {
		EndpointLimits limits = limits(Map.of("chat", limit(1, 1)));
		for (int i = 0; i < 1000; i++) {
			start(limits, "speech");
		}
		assertThat(limits.endpointsCounted()).isZero();
	}

	@Test
	void nameOfTheExactEndpointIsPreferred() {
		EndpointLimits limits = limits(Map.of("llama38bchat", limit(1, null), "llama3-8b_chat", limit(2, null),
				"z-image-turbo", limit(1, null)));
		start(limits, "llama3-8b_chat");
		start(limits, "llama3-8b_chat");
		assertThat(refusal(limits, "llama3-8b_chat"))
			.hasMessageContaining("'aki.io.limits[llama3-8b_chat].starts-per-minute'");
		start(limits, "z_image_turbo");
		assertThat(refusal(limits, "z_image_turbo"))
			.hasMessageContaining("'aki.io.limits.z-image-turbo.starts-per-minute'");
	}

	@Test
	void endpointsThatAreNotUsedAreForgotten() {
		EndpointLimits limits = limits(Map.of("default", limit(5, 5)));
		for (int i = 0; i < 100; i++) {
			limits.afterEnd(start(limits, "endpoint" + i));
		}
		start(limits, "running");
		advance(Duration.ofSeconds(60));
		start(limits, "other");
		assertThat(limits.endpointsCounted()).isEqualTo(2);
	}

	@Test
	void noMoreThanTheLimitStartAtTheSameTime() throws Exception {
		EndpointLimits limits = new EndpointLimits(Map.of("chat", limit(50, null)), (name) -> false,
				EndpointLimits.Listener.NONE, () -> 0);
		ConcurrentLinkedQueue<AkiStartRequest> started = new ConcurrentLinkedQueue<>();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<?>> tasks = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				tasks.add(threads.submit(() -> {
					AkiStartRequest request = AkiStartRequest.of("chat", Map.of(), null);
					limits.beforeStart(request);
					started.add(request);
				}));
			}
			threads.shutdown();
			assertThat(tasks).allSatisfy((task) -> {
				try {
					task.get();
				}
				catch (java.util.concurrent.ExecutionException ex) {
					assertThat(ex).hasCauseInstanceOf(AkiRequestRefusedException.class);
				}
			});
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(started).hasSize(50);
	}

	private EndpointLimits limits(Map<String, AkiProperties.Limit> limits) {
		return new EndpointLimits(limits, "aki.io.limits[llama3-8b_chat].starts-per-minute"::equals,
				(entry, limit) -> this.refused.add(entry + " " + limit), this.now::get);
	}

	private static AkiProperties.Limit limit(Integer startsPerMinute, Integer maxJobs) {
		AkiProperties.Limit limit = new AkiProperties.Limit();
		limit.setStartsPerMinute(startsPerMinute);
		limit.setMaxJobs(maxJobs);
		return limit;
	}

	private static AkiStartRequest start(EndpointLimits limits, String endpoint) {
		AkiStartRequest request = AkiStartRequest.of(endpoint, Map.of(), null);
		limits.beforeStart(request);
		return request;
	}

	private static AkiRequestRefusedException refusal(EndpointLimits limits, String endpoint) {
		AkiRequestRefusedException refusal = catchThrowableOfType(AkiRequestRefusedException.class,
				() -> start(limits, endpoint));
		assertThat(refusal).isNotNull();
		assertThat(refusal.endpoint()).isEqualTo(endpoint);
		return refusal;
	}

	private void advance(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

}
