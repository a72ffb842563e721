package io.aki.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiRetryPolicy}.
 */
class AkiRetryPolicyTests {

	@Test
	void eachValueCanBeChangedAlone() {
		AkiRetryPolicy policy = new AkiRetryPolicy(2, Duration.ofMillis(10), 3, Duration.ofMillis(40));
		assertThat(policy.withMaxAttempts(5))
			.isEqualTo(new AkiRetryPolicy(5, Duration.ofMillis(10), 3, Duration.ofMillis(40)));
		assertThat(policy.withDelay(Duration.ZERO))
			.isEqualTo(new AkiRetryPolicy(2, Duration.ZERO, 3, Duration.ofMillis(40)));
		assertThat(policy.withMultiplier(1.5))
			.isEqualTo(new AkiRetryPolicy(2, Duration.ofMillis(10), 1.5, Duration.ofMillis(40)));
		assertThat(policy.withMaxDelay(Duration.ofSeconds(1)))
			.isEqualTo(new AkiRetryPolicy(2, Duration.ofMillis(10), 3, Duration.ofSeconds(1)));
		assertThat(AkiRetryPolicy.none()).isEqualTo(AkiRetryPolicy.DEFAULT.withMaxAttempts(1));
	}

	@Test
	void changedValueIsChecked() {
		assertSetting("retry.maxAttempts", () -> AkiRetryPolicy.DEFAULT.withMaxAttempts(0));
		assertSetting("retry.delay", () -> AkiRetryPolicy.DEFAULT.withDelay(Duration.ofMillis(-1)));
		assertSetting("retry.maxDelay", () -> AkiRetryPolicy.DEFAULT.withDelay(Duration.ofSeconds(9)));
		assertSetting("retry.multiplier", () -> AkiRetryPolicy.DEFAULT.withMultiplier(0.5));
		assertSetting("retry.maxDelay", () -> AkiRetryPolicy.DEFAULT.withMaxDelay(Duration.ZERO));
	}

	private static void assertSetting(String setting, Runnable change) {
		assertThatExceptionOfType(AkiSettingException.class).isThrownBy(change::run)
			.satisfies((ex) -> assertThat(ex.setting()).isEqualTo(setting));
	}

}
