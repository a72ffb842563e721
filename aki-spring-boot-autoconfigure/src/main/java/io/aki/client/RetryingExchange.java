package io.aki.client;

import java.time.Duration;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exchange in the caller's thread, and repeats it as far as its rule allows.
 */
final class RetryingExchange {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final Timing timing;

	RetryingExchange(Timing timing) {
		this.timing = timing;
	}

	ApiOutcome make(String what, Supplier<ApiOutcome> exchange, Rule rule) {
		int attempt = 1;
		while (true) {
			ApiOutcome outcome = exchange.get();
			Duration wait = rule.waitBeforeRepeating(outcome, attempt);
			if (wait == null) {
				return outcome;
			}
			if (logger.isDebugEnabled()) {
				Failure failure = ResponseReader.failure(outcome);
				logger.debug("Repeating " + what + " in " + wait.toMillis() + " ms: "
						+ ((failure != null) ? failure.error() : "no usable answer"));
			}
			try {
				this.timing.sleeper().sleep(wait);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return outcome;
			}
			attempt++;
		}
	}

	interface Rule {

		@Nullable Duration waitBeforeRepeating(ApiOutcome outcome, int attempt);

	}

}
