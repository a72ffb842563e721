package io.aki.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long an exchange may take, and how large its answer may be.
 *
 * @param beginning the time until the answer begins to arrive
 * @param whole the time until it is complete
 * @param maxBytes the size of the answer
 */
record ExchangeLimits(Duration beginning, Duration whole, long maxBytes) {

	ExchangeLimits(Duration whole, long maxBytes) {
		this(whole, whole, maxBytes);
	}

	ExchangeLimits within(Duration whole) {
		return new ExchangeLimits(shorter(this.beginning, whole), shorter(this.whole, whole), this.maxBytes);
	}

	ExchangeLimits beginningWithin(@Nullable Duration beginning) {
		return (beginning != null) ? new ExchangeLimits(shorter(this.beginning, beginning), this.whole, this.maxBytes)
				: this;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
