package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.JdbcCustomization;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Executes tasks on this instance: starts and stops db-scheduler, which runs the due
 * steps, and the threads that report and finish. At the stop, the jobs continue on the
 * server, and other instances resume them.
 */
final class TaskExecution implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(TaskExecution.class);

	private static final int STEP_THREADS = 4;

	private static final int FINISH_THREADS = 2;

	private static final Duration POLLING_INTERVAL = Duration.ofSeconds(1);

	private static final Duration FAILURE_DELAY = Duration.ofSeconds(5);

	/** Steps are short. */
	private static final Duration STEP_SHUTDOWN = Duration.ofSeconds(2);

	private static final Duration JOIN_MAX = Duration.ofSeconds(1);

	private static final int MISSED_HEARTBEATS_MAX = 4;

	/** The queue stores no data. */
	private static final Serializer NO_DATA = new Serializer() {

		@Override
		public byte[] serialize(@Nullable Object data) {
			return new byte[0];
		}

		@Override
		@SuppressWarnings("NullAway")
		public <T> T deserialize(Class<T> type, byte[] data) {
			return null;
		}

	};

	private final TaskDatabase database;

	private final TaskStore store;

	private final TaskQueue queue;

	private final DatabaseClock clock;

	private final RunningTasks running;

	private final TaskStep step;

	private final TaskReporter reporter;

	private final TaskFinisher finisher;

	private final TaskHeartbeat heartbeat;

	private final TaskCleanup cleanup;

	private final TaskWaker waker;

	private final TaskSpool spool;

	private final TaskChanges changes;

	private final AkiTasksProperties properties;

	private final String instance;

	private final List<Thread> threads = new ArrayList<>();

	private @Nullable Scheduler scheduler;

	private volatile boolean started;

	private boolean stopped;

	TaskExecution(TaskDatabase database, TaskStore store, TaskQueue queue, DatabaseClock clock, RunningTasks running,
			TaskStep step, TaskReporter reporter, TaskFinisher finisher, TaskHeartbeat heartbeat, TaskCleanup cleanup,
			TaskWaker waker, TaskSpool spool, TaskChanges changes, AkiTasksProperties properties, String instance) {
		this.database = database;
		this.store = store;
		this.queue = queue;
		this.clock = clock;
		this.running = running;
		this.step = step;
		this.reporter = reporter;
		this.finisher = finisher;
		this.heartbeat = heartbeat;
		this.cleanup = cleanup;
		this.waker = waker;
		this.spool = spool;
		this.changes = changes;
		this.properties = properties;
		this.instance = instance;
	}

	@Override
	public synchronized void start() {
		if (this.stopped) {
			throw new IllegalStateException("The execution of tasks cannot be started again");
		}
		this.started = true;
		if (!this.properties.execute()) {
			return;
		}
		this.spool.read(this.finisher::store);
		start("aki-tasks-report", this.reporter);
		for (int i = 1; i <= FINISH_THREADS; i++) {
			start("aki-tasks-finish-" + i, this.finisher::run);
		}
		start("aki-tasks-heartbeat", this.heartbeat);
		this.scheduler = scheduler();
		this.waker.trigger(this.scheduler::triggerCheckForDueExecutions);
		this.scheduler.start();
	}

	private void start(String name, Runnable work) {
		Thread thread = new Thread(work, name);
		thread.setDaemon(true);
		thread.start();
		this.threads.add(thread);
	}

	private Scheduler scheduler() {
		CustomTask<Void> steps = Tasks.custom(TaskQueue.NAME, Void.class)
			.onDeadExecution((complete, operations) -> operations.reschedule(complete, afterHeartbeats()))
			// the step handles failures of a job; this is one of the database
			.onFailure((complete, operations) -> operations.reschedule(complete, this.clock.now().plus(FAILURE_DELAY)))
			.execute((task, context) -> execute(task, context.getExecution().version));
		RecurringTask<Void> cleanups = Tasks.recurring(TaskCleanup.NAME, FixedDelay.of(TaskCleanup.INTERVAL))
			.onDeadExecution((complete, operations) -> operations.reschedule(complete, this.clock.now()))
			.execute((task, context) -> this.cleanup.run());
		ThreadFactory stepThreads = TaskThreads.factory("aki-tasks-step-");
		ExecutorService executor = Executors.newFixedThreadPool(STEP_THREADS, stepThreads);
		ExecutorService dueExecutor = Executors.newSingleThreadExecutor(TaskThreads.factory("aki-tasks-due-"));
		ScheduledExecutorService housekeeper = Executors.newScheduledThreadPool(1,
				TaskThreads.factory("aki-tasks-housekeeper-"));
		SchedulerBuilder builder = Scheduler.create(this.database.dataSource(), steps)
			.startTasks(cleanups)
			.tableName(this.database.name("task_queue"))
			.schedulerName(new SchedulerName.Fixed(this.instance))
			.serializer(NO_DATA)
			.clock(this.clock)
			.threads(STEP_THREADS)
			.jdbcCustomization(jdbcCustomization())
			.executorService(executor)
			.dueExecutor(dueExecutor)
			.housekeeperExecutor(housekeeper)
			.pollingInterval(POLLING_INTERVAL)
			.heartbeatInterval(this.properties.heartbeat())
			.missedHeartbeatsLimit(MISSED_HEARTBEATS_MAX)
			.shutdownMaxWait(STEP_SHUTDOWN)
			.failureLogging(LogLevel.WARN, false);
		if (this.database.dialect() == TaskDialect.POSTGRESQL) {
			builder.pollUsingLockAndFetch(0.5, 1.5);
		}
		return builder.build();
	}

	/**
	 * Return when a row whose step did not end is due: an instance that follows the job
	 * renews its lease before.
	 */
	private Instant afterHeartbeats() {
		return this.clock.now().plus(this.properties.heartbeat().multipliedBy(2));
	}

	/**
	 * The columns have a time zone, which the automatic detection warns of.
	 */
	private JdbcCustomization jdbcCustomization() {
		return (this.database.dialect() == TaskDialect.POSTGRESQL) ? new PostgreSqlJdbcCustomization(false, false)
				: new DefaultJdbcCustomization(false);
	}

	private CompletionHandler<Void> execute(TaskInstance<Void> task, long version) {
		Duration delay = this.step.execute(TaskKey.parse(task.getId()), version);
		if (delay == null) {
			return new CompletionHandler.OnCompleteRemove<>();
		}
		return (complete, operations) -> {
			Instant next = this.clock.now().plus(delay);
			operations.reschedule(complete, next);
		};
	}

	@Override
	public synchronized void stop() {
		if (this.stopped || !this.started) {
			return;
		}
		this.stopped = true;
		this.started = false;
		this.changes.close();
		if (this.scheduler == null) {
			return;
		}
		long until = System.nanoTime() + this.properties.shutdownTimeout().toNanos();
		try {
			this.scheduler.pause();
			this.running.close();
			// the response of a running poll may contain a result, and the response of a
			// running start contains the id of the job
			this.running.all().forEach(RunningTask::release);
			this.running.awaitEmpty(until - System.nanoTime());
			this.finisher.awaitIdle(until - System.nanoTime());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.finisher.close();
		}
		this.reporter.close();
		this.heartbeat.close();
		join();
		// a database that does not answer must not stop the shutdown
		start("aki-tasks-give-back", this::giveBack);
		join();
		this.scheduler.stop();
	}

	private void join() {
		try {
			for (Thread thread : this.threads) {
				thread.join(JOIN_MAX.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Let other instances resume the jobs now instead of at the end of the lease.
	 */
	private void giveBack() {
		try {
			this.database.inBackground(() -> {
				List<TaskKey> keys = this.store.giveBack(this.instance);
				this.queue.makeDue(keys);
				return keys.size();
			});
		}
		catch (RuntimeException ex) {
			logger.warn("The running tasks are resumed when their lease ends, in " + this.properties.lease().toSeconds()
					+ " s: " + ex.getMessage());
		}
	}

	/**
	 * The tasks of a test context continue while other contexts are used.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public boolean isRunning() {
		return this.started;
	}

}
