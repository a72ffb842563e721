package io.aki.spring.boot.tasks;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;

/**
 * The queue in the database: one row for each unfinished task, in the form of
 * db-scheduler's table. A row is due when an instance must do something for its task. The
 * row of a pending task is due at once. The row of a task that an instance follows is due
 * when the lease of that instance ends.
 */
final class TaskQueue {

	/** The name of our rows in db-scheduler. */
	static final String NAME = "aki-task";

	private static final int BATCH_SIZE = 500;

	private final TaskDatabase database;

	private final DatabaseClock clock;

	TaskQueue(TaskDatabase database, DatabaseClock clock) {
		this.database = database;
		this.clock = clock;
	}

	void add(TaskKey key) {
		this.database.update(this.database.sql("""
				insert into {}task_queue (task_name, task_instance, execution_time, picked, version)
				values (:name, :instance, current_timestamp, false, 1)""")
			.param("name", NAME)
			.param("instance", key.toString()));
	}

	/**
	 * Remove a task that has ended. A row that is being executed is removed by
	 * db-scheduler.
	 */
	void remove(TaskKey key) {
		this.database.update(this.database
			.sql("delete from {}task_queue where task_name = :name and task_instance = :instance and picked = false")
			.param("name", NAME)
			.param("instance", key.toString()));
	}

	/**
	 * Renew the lease of the tasks that an instance follows.
	 */
	void renew(List<TaskKey> keys, Instant until) {
		for (int from = 0; from < keys.size(); from += BATCH_SIZE) {
			List<TaskKey> part = keys.subList(from, Math.min(keys.size(), from + BATCH_SIZE));
			this.database.inBackground(() -> renewPart(part, until));
		}
	}

	private int renewPart(List<TaskKey> keys, Instant until) {
		return this.database.update(this.database.sql("""
				update {}task_queue set execution_time = :until, version = version + 1
				where task_name = :name and picked = false and task_instance in (:instances)""")
			.param("name", NAME)
			.param("instances", keys.stream().map(TaskKey::toString).toList())
			.param("until", until.atOffset(ZoneOffset.UTC)));
	}

	/**
	 * Make a task due after a delay.
	 * @return {@code false} if db-scheduler executes the row now
	 */
	boolean delay(TaskKey key, Duration delay) {
		return this.database.update(this.database.sql("""
				update {}task_queue set execution_time = :time, version = version + 1
				where task_name = :name and task_instance = :instance and picked = false""")
			.param("name", NAME)
			.param("instance", key.toString())
			.param("time", this.clock.now().plus(delay).atOffset(ZoneOffset.UTC))) == 1;
	}

	/**
	 * Make tasks due now.
	 */
	void makeDue(List<TaskKey> keys) {
		if (keys.isEmpty()) {
			return;
		}
		SqlParameterSource[] parameters = keys.stream()
			.map((key) -> new MapSqlParameterSource("instance", key.toString()).addValue("name", NAME)
				.addValue("time", this.clock.now().atOffset(ZoneOffset.UTC)))
			.toArray(SqlParameterSource[]::new);
		this.database.batch("""
				update {}task_queue set execution_time = :time, version = version + 1
				where task_name = :name and task_instance = :instance and picked = false and execution_time > :time""",
				parameters);
	}

}
