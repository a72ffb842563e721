package io.aki.client;

import java.time.Duration;

/**
 * The limits of an exchange.
 *
 * @param timeout the time until the response is complete; it includes waiting for a
 * connection
 * @param maxBytes the maximum size of the response body
 */
record ExchangeLimits(Duration timeout, long maxBytes) {

	ExchangeLimits within(Duration timeout) {
		return (timeout.compareTo(this.timeout) < 0) ? new ExchangeLimits(timeout, this.maxBytes) : this;
	}

}
