package io.aki.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long an exchange may take.
 *
 * @param beginning until the answer begins to arrive
 * @param whole until it is complete
 */
record TimeLimit(Duration beginning, Duration whole) {

	TimeLimit(Duration whole) {
		this(whole, whole);
	}

	TimeLimit within(Duration whole) {
		return new TimeLimit(shorter(this.beginning, whole), shorter(this.whole, whole));
	}

	TimeLimit beginningWithin(@Nullable Duration beginning) {
		return (beginning != null) ? new TimeLimit(shorter(this.beginning, beginning), this.whole) : this;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
