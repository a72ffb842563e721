package io.aki.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.aki.client.http.ExchangeFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Backoff}, {@link AkiRetryPolicy} and {@link RetryingExchange}.
 */
class BackoffTests {

	@Test
	void waitsGrowUpToTheLongest() {
		Backoff backoff = new Backoff(AkiRetryPolicy.DEFAULT, () -> 0);
		assertThat(List.of(1, 2, 3, 4, 5, 6, 100)).extracting((failures) -> backoff.delay(failures, null).toMillis())
			.containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 8000L, 8000L);
	}

	@Test
	void jitterShortensAWaitByUpToAHalf() {
		assertThat(new Backoff(AkiRetryPolicy.DEFAULT, () -> 0.5).delay(1, null)).isEqualTo(Duration.ofMillis(375));
		assertThat(new Backoff(AkiRetryPolicy.DEFAULT, () -> 0.999999).delay(1, null)).isBetween(Duration.ofMillis(250),
				Duration.ofMillis(251));
	}

	@ParameterizedTest
	@CsvSource({ "0,500", "3,3000", "8,8000", "3600,8000" })
	void retryAfterLengthensAWaitUpToTheLongest(long seconds, long millis) {
		assertThat(new Backoff(AkiRetryPolicy.DEFAULT, () -> 0).delay(1, Duration.ofSeconds(seconds)))
			.isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@CsvSource({ "500,true", "502,true", "503,true", "429,true", "408,true", "400,false", "401,false", "404,false",
			"200,false" })
	void readingIsRepeatedAfterFailuresThatPass(int status, boolean repeated) {
		Backoff backoff = new Backoff(AkiRetryPolicy.DEFAULT, () -> 0);
		assertThat(backoff.retryDelayForRead(ApiResponse.of(status, Map.of(), null), 1) != null).isEqualTo(repeated);
		if (status >= 400) {
			assertThat(backoff.retryDelayForRead(
					ApiResponse.failed(ExchangeFailure.NOT_API_JSON, status, "page", null, null), 1) != null)
				.isEqualTo(repeated);
		}
		assertThat(backoff.retryDelayForRead(ApiResponse.of(status, Map.of(), null), 4)).isNull();
	}

	@Test
	void anExchangeIsRepeatedAfterItsWaits() {
		List<Duration> waits = new ArrayList<>();
		List<Integer> attempts = new ArrayList<>();
		Backoff backoff = new Backoff(AkiRetryPolicy.DEFAULT, () -> 0);
		ApiResponse outcome = new RetryingExchange(new Timing(System::nanoTime, () -> 0, waits::add)).make("test",
				() -> {
					attempts.add(attempts.size() + 1);
					return ApiResponse.of((attempts.size() < 3) ? 503 : 200, Map.of(), null);
				}, backoff::retryDelayForRead);
		assertThat(outcome.status()).isEqualTo(200);
		assertThat(attempts).containsExactly(1, 2, 3);
		assertThat(waits).containsExactly(Duration.ofMillis(500), Duration.ofMillis(1000));
	}

	@Test
	void anInterruptEndsTheWaitAndIsKept() {
		ApiResponse outcome = new RetryingExchange(new Timing(System::nanoTime, () -> 0, (duration) -> {
			throw new InterruptedException();
		})).make("test", () -> ApiResponse.of(503, Map.of(), null),
				new Backoff(AkiRetryPolicy.DEFAULT, () -> 0)::retryDelayForRead);
		assertThat(outcome.status()).isEqualTo(503);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void aPolicyThatCannotBeIsRefused() {
		Duration second = Duration.ofSeconds(1);
		assertThatExceptionOfType(AkiSettingException.class).isThrownBy(() -> new AkiRetryPolicy(0, second, 2, second))
			.satisfies((ex) -> assertThat(ex.setting()).isEqualTo("retry.maxAttempts"));
		assertThatExceptionOfType(AkiSettingException.class)
			.isThrownBy(() -> new AkiRetryPolicy(1, second.negated(), 2, second));
		assertThatExceptionOfType(AkiSettingException.class)
			.isThrownBy(() -> new AkiRetryPolicy(1, second, 0.5, second));
		assertThatExceptionOfType(AkiSettingException.class)
			.isThrownBy(() -> new AkiRetryPolicy(1, second, 2, Duration.ofMillis(999)));
		assertThat(AkiRetryPolicy.none().maxAttempts()).isEqualTo(1);
	}

}
