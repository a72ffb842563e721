package io.aki.client;

import java.time.Duration;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exchange in the calling thread, and repeats it as its rule allows.
 */
final class RetryingExchange {

	private static final Log logger = LogFactory.getLog(AkiClient.class);

	private final Timing timing;

	RetryingExchange(Timing timing) {
		this.timing = timing;
	}

	ApiResponse make(String what, Supplier<ApiResponse> exchange, Rule rule) {
		for (int attempt = 1;; attempt++) {
			ApiResponse response = exchange.get();
			Duration delay = rule.retryDelay(response, attempt);
			if (delay == null) {
				return response;
			}
			if (logger.isDebugEnabled()) {
				Failure failure = response.failure();
				logger.debug("Repeating " + what + " in " + delay.toMillis() + " ms: "
						+ ((failure != null) ? failure.error() : "no usable response"));
			}
			try {
				this.timing.sleeper().sleep(delay);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return response;
			}
		}
	}

	interface Rule {

		@Nullable Duration retryDelay(ApiResponse response, int attempt);

	}

}
