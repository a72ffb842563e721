package io.aki.client;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AkiConcurrency}.
 */
class AkiConcurrencyTests {

	private static final AkiConcurrency LIMITS = new AkiConcurrency(1, 2, 3, false);

	@Test
	void eachValueCanBeChangedAlone() {
		assertThat(LIMITS.withMaxJobs(9)).isEqualTo(new AkiConcurrency(9, 2, 3, false));
		assertThat(LIMITS.withPollThreads(9)).isEqualTo(new AkiConcurrency(1, 9, 3, false));
		assertThat(LIMITS.withCallbackThreads(9)).isEqualTo(new AkiConcurrency(1, 2, 9, false));
		assertThat(LIMITS.withVirtualThreads(true)).isEqualTo(new AkiConcurrency(1, 2, 3, true));
	}

	@Test
	void changedValueIsChecked() {
		assertSetting("concurrency.maxJobs", () -> LIMITS.withMaxJobs(0));
		assertSetting("concurrency.pollThreads", () -> LIMITS.withPollThreads(-1));
		assertSetting("concurrency.callbackThreads", () -> LIMITS.withCallbackThreads(0));
	}

	private static void assertSetting(String setting, Runnable change) {
		assertThatExceptionOfType(AkiSettingException.class).isThrownBy(change::run)
			.satisfies((ex) -> assertThat(ex.setting()).isEqualTo(setting));
	}

}
