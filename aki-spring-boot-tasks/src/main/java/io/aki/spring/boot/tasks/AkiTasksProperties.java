package io.aki.spring.boot.tasks;

import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.util.Assert;

/**
 * Properties of durable tasks.
 *
 * @param enabled Whether durable tasks are available.
 * @param execute Whether this instance executes tasks. An instance that does not can
 * submit, find and cancel them.
 * @param initializeSchema Whether to create the tables at startup.
 * @param tablePrefix Prefix of the names of the tables.
 * @param maxUnfinished Maximum number of unfinished tasks in the database. Further tasks
 * are rejected.
 * @param maxUnfinishedPerOwner Maximum number of unfinished tasks of one owner.
 * @param maxRunning Maximum number of jobs that this instance starts and follows at the
 * same time. Jobs of other instances that it resumes are followed in any case.
 * @param maxRunningPerEndpoint Maximum number of jobs of one endpoint that this instance
 * starts and follows at the same time. It keeps an endpoint without workers from delaying
 * the others.
 * @param heartbeat How often this instance renews its lease of the tasks that it
 * executes. Other instances resume its tasks when four heartbeats are missing.
 * @param reportInterval Minimum time between two polls of a task's job, and between two
 * updates of its progress in the database.
 * @param retryUnknown Whether to start a task again if the instance ended before it knew
 * the id of the job. The first job may have been paid for.
 * @param spool Directory for the results that could not be stored before the application
 * stopped. They are stored at the next start.
 * @param shutdownTimeout How long the application waits at shutdown for running requests
 * and for results that are being stored.
 * @param retention How long tasks are kept after they have ended.
 * @since 1.0.0
 */
@ConfigurationProperties("aki.io.tasks")
public record AkiTasksProperties(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean execute,
		@DefaultValue("embedded") DatabaseInitializationMode initializeSchema, @DefaultValue("aki_") String tablePrefix,
		@DefaultValue("10000") int maxUnfinished, @DefaultValue("1000") int maxUnfinishedPerOwner,
		@DefaultValue("2000") int maxRunning, @DefaultValue("1000") int maxRunningPerEndpoint,
		@DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS) Duration heartbeat,
		@DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS) Duration reportInterval,
		@DefaultValue("false") boolean retryUnknown, @Nullable Path spool,
		@DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS) Duration shutdownTimeout,
		@DefaultValue Retention retention) {

	/** An instance that was silent for so many heartbeats is considered dead. */
	private static final int HEARTBEATS_PER_LEASE = 4;

	/**
	 * Create the properties.
	 * @param enabled whether durable tasks are available
	 * @param execute whether this instance executes tasks
	 * @param initializeSchema whether to create the tables
	 * @param tablePrefix the prefix of the tables
	 * @param maxUnfinished the maximum number of unfinished tasks
	 * @param maxUnfinishedPerOwner the same for one owner
	 * @param maxRunning the maximum number of jobs
	 * @param maxRunningPerEndpoint the same for one endpoint
	 * @param heartbeat the period of the heartbeats
	 * @param reportInterval the minimum time between two updates
	 * @param retryUnknown whether to start a task again
	 * @param spool a directory, or {@code null}
	 * @param shutdownTimeout the maximum wait at shutdown
	 * @param retention how long ended tasks are kept
	 * @throws IllegalArgumentException if a value is out of range
	 */
	public AkiTasksProperties {
		Assert.isTrue(tablePrefix.matches("[A-Za-z_][A-Za-z0-9_.]{0,29}"),
				() -> "'aki.io.tasks.table-prefix' must start with a letter and contain only letters, digits, '_' and"
						+ " '.', at most 30, not '" + tablePrefix + "'");
		positive("max-unfinished", maxUnfinished);
		positive("max-unfinished-per-owner", maxUnfinishedPerOwner);
		positive("max-running", maxRunning);
		positive("max-running-per-endpoint", maxRunningPerEndpoint);
		range("heartbeat", heartbeat, Duration.ofMillis(100), Duration.ofMinutes(10));
		range("report-interval", reportInterval, Duration.ofMillis(10), Duration.ofMinutes(10));
		range("shutdown-timeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(10));
	}

	Duration lease() {
		return this.heartbeat.multipliedBy(HEARTBEATS_PER_LEASE);
	}

	private static void positive(String name, int value) {
		Assert.isTrue(value > 0, () -> "'aki.io.tasks." + name + "' must be 1 or more, not " + value);
	}

	private static void range(String name, Duration value, Duration min, Duration max) {
		Assert.isTrue(value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
				() -> "'aki.io.tasks." + name + "' must be " + min.toMillis() + " ms to " + max.toMinutes()
						+ " min, not " + value.toMillis() + " ms");
	}

	/**
	 * How long tasks are kept after they have ended. 0 keeps them forever.
	 *
	 * @param completed How long completed tasks and their results are kept. 0 keeps them
	 * forever.
	 * @param failed How long failed tasks are kept. 0 keeps them forever.
	 * @param canceled How long canceled tasks are kept. 0 keeps them forever.
	 */
	public record Retention(@DefaultValue("30d") @DurationUnit(ChronoUnit.SECONDS) Duration completed,
			@DefaultValue("30d") @DurationUnit(ChronoUnit.SECONDS) Duration failed,
			@DefaultValue("30d") @DurationUnit(ChronoUnit.SECONDS) Duration canceled) {

		/**
		 * Create the periods.
		 * @param completed the period of completed tasks
		 * @param failed the period of failed tasks
		 * @param canceled the period of canceled tasks
		 * @throws IllegalArgumentException if a period is negative
		 */
		public Retention {
			for (Duration period : new Duration[] { completed, failed, canceled }) {
				Assert.isTrue(!period.isNegative(),
						"'aki.io.tasks.retention' must not be negative; 0 keeps tasks forever");
			}
		}

	}

}
