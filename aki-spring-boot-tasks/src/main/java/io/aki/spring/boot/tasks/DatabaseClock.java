package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import com.github.kagkarlsson.scheduler.Clock;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The clock of the database. All instances use it, so that clocks that differ between the
 * instances neither delay a task nor end a lease too early.
 */
final class DatabaseClock implements Clock {

	private final JdbcClient jdbc;

	private volatile Reading reading;

	DatabaseClock(JdbcClient jdbc) {
		this.jdbc = jdbc;
		this.reading = read();
	}

	/**
	 * Read the clock of the database again, because clocks drift.
	 */
	void synchronize() {
		this.reading = read();
	}

	private Reading read() {
		long before = System.nanoTime();
		OffsetDateTime time = this.jdbc.sql("select current_timestamp").query(OffsetDateTime.class).single();
		long after = System.nanoTime();
		return new Reading(time.toInstant(), before + (after - before) / 2);
	}

	@Override
	public Instant now() {
		Reading reading = this.reading;
		return reading.time().plus(Duration.ofNanos(System.nanoTime() - reading.nanoTime()));
	}

	private record Reading(Instant time, long nanoTime) {

	}

}
