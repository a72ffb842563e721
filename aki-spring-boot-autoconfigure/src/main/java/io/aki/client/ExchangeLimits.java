package io.aki.client;

import java.time.Duration;

/**
 * The limits of one exchange.
 *
 * @param timeout the time until the response is complete
 * @param maxBytes the size of the response
 */
record ExchangeLimits(Duration timeout, long maxBytes) {

	ExchangeLimits within(Duration timeout) {
		return (timeout.compareTo(this.timeout) < 0) ? new ExchangeLimits(timeout, this.maxBytes) : this;
	}

}
