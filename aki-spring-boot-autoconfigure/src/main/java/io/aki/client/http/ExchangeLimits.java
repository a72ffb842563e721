package io.aki.client.http;

import java.time.Duration;

/**
 * The limits of an exchange.
 *
 * @param timeout the time until the response is complete; it includes waiting for a
 * connection
 * @param maxBytes the maximum size of the response body
 * @since 1.0.0
 */
public record ExchangeLimits(Duration timeout, long maxBytes) {

	/**
	 * Return these limits with a timeout that is not longer than the given one.
	 * @param timeout the timeout
	 * @return the limits
	 */
	public ExchangeLimits within(Duration timeout) {
		return (timeout.compareTo(this.timeout) < 0) ? new ExchangeLimits(timeout, this.maxBytes) : this;
	}

}
