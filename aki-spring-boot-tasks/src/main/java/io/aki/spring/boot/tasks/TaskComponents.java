package io.aki.spring.boot.tasks;

import java.time.Duration;

import javax.sql.DataSource;

import io.aki.client.AkiClient;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Creates the parts of the durable tasks and connects them.
 */
final class TaskComponents {

	/** Longer than each {@code job-timeout}. */
	private static final Duration OUTAGE = Duration.ofDays(30);

	private final TaskStore store;

	private final RunningTasks running;

	private final TaskCounters counters = new TaskCounters();

	private final TaskHeartbeat heartbeat;

	private final AkiTasks tasks;

	private final TaskExecution execution;

	private final AkiTasksProperties properties;

	TaskComponents(DataSource dataSource, PlatformTransactionManager transactionManager, AkiClient client,
			ApplicationEventPublisher events, AkiTasksProperties properties, String instance) {
		this.properties = properties;
		TaskDatabase database = new TaskDatabase(dataSource, transactionManager, properties.tablePrefix(),
				this.counters);
		DatabaseClock clock = new DatabaseClock(database.jdbc());
		this.store = new TaskStore(database);
		this.running = new RunningTasks(properties.maxRunning(), properties.maxRunningPerEndpoint());
		TaskQueue queue = new TaskQueue(database, clock);
		TaskChanges changes = new TaskChanges();
		ChangeBroadcast broadcast = (database.dialect() == TaskDialect.POSTGRESQL)
				? new PostgresBroadcast(database, instance) : new PollingBroadcast(this.store, clock);
		changes.receiveFrom(broadcast);
		TaskNotifier notifier = new TaskNotifier(changes, broadcast, events);
		RefusedStarts refusals = new RefusedStarts(System::nanoTime);
		TaskWaker waker = new TaskWaker(this.store, queue, refusals);
		this.tasks = new JdbcAkiTasks(database, this.store, queue, notifier, changes, waker, this.running,
				this.counters, properties, null);
		this.heartbeat = new TaskHeartbeat(this.store, queue, this.running, this.counters, clock, instance,
				properties.heartbeat(), properties.lease(), properties.retryUnknown());
		TaskReporter reporter = new TaskReporter(this.store, database, notifier, properties.reportInterval());
		TaskSpool spool = new TaskSpool(properties.spool());
		TaskFinisher finisher = new TaskFinisher(this.store, queue, database, notifier, this.counters, this.running,
				waker, spool);
		TaskFollower follower = new TaskFollower(this.running, reporter, finisher);
		TaskClaims claims = new TaskClaims(database, this.store, notifier, this.running, instance);
		TaskStep step = new TaskStep(this.store, claims, this.running, refusals, follower, this.heartbeat, waker,
				following(client, properties), this.counters, instance, properties.retryUnknown());
		TaskCleanup cleanup = new TaskCleanup(this.store, clock, properties.retention());
		this.execution = new TaskExecution(database, this.store, queue, clock, this.running, step, reporter, finisher,
				this.heartbeat, cleanup, waker, spool, changes, properties, instance);
	}

	/**
	 * Return a client whose jobs continue when it is closed, that polls no more often
	 * than the progress is stored, and that follows a job until {@code job-timeout} while
	 * AKI.IO is not available.
	 */
	private static AkiClient following(AkiClient client, AkiTasksProperties properties) {
		return client.mutate()
			.raiseExceptions(false)
			.cancelOnClose(false)
			.progressInterval(properties.reportInterval())
			.outageTimeout(OUTAGE)
			.build();
	}

	AkiTasks tasks() {
		return this.tasks;
	}

	TaskExecution execution() {
		return this.execution;
	}

	TaskStore store() {
		return this.store;
	}

	RunningTasks running() {
		return this.running;
	}

	TaskCounters counters() {
		return this.counters;
	}

	TaskHeartbeat heartbeat() {
		return this.heartbeat;
	}

	AkiTasksProperties properties() {
		return this.properties;
	}

}
