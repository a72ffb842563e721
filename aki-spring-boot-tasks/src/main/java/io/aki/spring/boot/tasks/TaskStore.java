package io.aki.spring.boot.tasks;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.aki.client.AkiBinary;
import io.aki.client.AkiProgressInfo;
import io.aki.client.AkiResult;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Stores the tasks.
 * <p>
 * The writes of an instance that executes a task are fenced: each contains the attempt
 * that the instance has claimed. If another instance claims the task, the writes of the
 * first one change nothing. There is one exception: the result of the job is accepted
 * from each instance, also if the task has failed meanwhile, because AKI.IO returns it
 * only once.
 */
final class TaskStore {

	private static final String TASK_COLUMNS = """
			id, endpoint, owner, metadata, state, attempt, job_id, progress, queue_position, estimate, cancel_requested,
			error, error_code, binaries, created_at, started_at, updated_at, ended_at""";

	private static final String ROW_COLUMNS = """
			id, run, endpoint, owner, state, attempt, instance, job_id, cancel_requested""";

	private static final String UNFINISHED = "state in ('pending', 'queued', 'running')";

	private static final String ACTIVE = "state in ('queued', 'running')";

	private static final String FENCE = " where id = :id and run = :run and attempt = :attempt and " + ACTIVE;

	private static final int ERROR_LENGTH_MAX = 2000;

	private static final int BINARY_PART = 256 * 1024;

	private final TaskDatabase database;

	TaskStore(TaskDatabase database) {
		this.database = database;
	}

	/**
	 * Store a new task.
	 * @return {@code false} if there is a task with the same idempotency key
	 */
	boolean insert(TaskKey key, AkiTaskRequest request, String params) {
		String metadata = TaskJson.write("metadata", request.metadata());
		if (!insertRow(key, request, metadata)) {
			return false;
		}
		this.database.update(this.database.sql("insert into {}task_params (task_id, params) values (:id, :params)")
			.param("id", key.id())
			.param("params", params));
		return true;
	}

	private boolean insertRow(TaskKey key, AkiTaskRequest request, String metadata) {
		boolean postgresql = this.database.dialect() == TaskDialect.POSTGRESQL;
		// on PostgreSQL a violated constraint would end the caller's transaction
		StatementSpec insert = this.database
			.sql("""
					insert into {}task (id, endpoint, owner, idempotency_key, metadata, state, run, attempt, progress,
						queue_position, estimate, cancel_requested, binaries, created_at, updated_at)
					values (:id, :endpoint, :owner, :key, :metadata, 'pending', :run, 0, 0, -1, -1, false, 0,
						current_timestamp, current_timestamp)"""
					+ (postgresql ? " on conflict (owner, idempotency_key) do nothing" : ""))
			.param("id", key.id())
			.param("run", key.run())
			.param("endpoint", request.endpoint())
			.param("owner", stored(request.owner()))
			.param("key", request.idempotencyKey(), Types.VARCHAR)
			.param("metadata", metadata);
		try {
			return this.database.update(insert) == 1;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	/**
	 * Return the task with the owner and the idempotency key of a request.
	 */
	Optional<StoredRequest> repeated(AkiTaskRequest request) {
		return this.database.sql("""
				select id, endpoint, params from {}task join {}task_params on task_id = id
				where owner = :owner and idempotency_key = :key""")
			.param("owner", stored(request.owner()))
			.param("key", request.idempotencyKey())
			.query((row, number) -> new StoredRequest(row.getString(1), row.getString(2), row.getString(3)))
			.optional();
	}

	Optional<AkiTask> find(String id, @Nullable String owner) {
		return owned(this.database.sql("select " + TASK_COLUMNS + " from {}task where id = :id" + ownedBy(owner)),
				owner)
			.param("id", id)
			.query(TaskStore::task)
			.optional();
	}

	List<AkiTask> findAll(Collection<String> ids) {
		return ids.isEmpty() ? List.of()
				: this.database.sql("select " + TASK_COLUMNS + " from {}task where id in (:ids)")
					.param("ids", ids)
					.query(TaskStore::task)
					.list();
	}

	AkiTaskPage find(AkiTaskQuery query) {
		StringBuilder where = new StringBuilder(" where 1 = 1").append(ownedBy(query.owner()));
		Map<String, Object> parameters = new LinkedHashMap<>();
		if (query.owner() != null) {
			parameters.put("owner", query.owner());
		}
		if (!query.states().isEmpty()) {
			where.append(" and state in (:states)");
			parameters.put("states", query.states().stream().map(AkiTaskState::value).toList());
		}
		if (query.endpoint() != null) {
			where.append(" and endpoint = :endpoint");
			parameters.put("endpoint", query.endpoint());
		}
		long total = this.database.sql("select count(*) from {}task" + where)
			.params(parameters)
			.query(Long.class)
			.single();
		List<AkiTask> tasks = this.database
			.sql("select " + TASK_COLUMNS + " from {}task" + where
					+ " order by created_at desc, id limit :limit offset :offset")
			.params(parameters)
			.param("limit", query.size())
			.param("offset", (long) query.page() * query.size())
			.query(TaskStore::task)
			.list();
		return new AkiTaskPage(tasks, query.page(), query.size(), total);
	}

	Map<AkiTaskState, Long> counts(@Nullable String owner) {
		Map<AkiTaskState, Long> counts = new EnumMap<>(AkiTaskState.class);
		for (AkiTaskState state : AkiTaskState.values()) {
			counts.put(state, 0L);
		}
		owned(this.database.sql("select state, count(*) from {}task where 1 = 1" + ownedBy(owner) + " group by state"),
				owner)
			.query((RowCallbackHandler) (row) -> counts.put(AkiTaskState.of(row.getString(1)), row.getLong(2)));
		return counts;
	}

	/**
	 * Return whether there are at least so many unfinished tasks.
	 */
	boolean hasUnfinished(@Nullable String owner, int count) {
		return owned(this.database.sql("select count(*) from (select 1 from {}task where " + UNFINISHED + ownedBy(owner)
				+ " limit :limit) as unfinished"), owner)
			.param("limit", count)
			.query(Integer.class)
			.single() >= count;
	}

	/**
	 * Return how long the oldest pending task has been waiting.
	 */
	Optional<Duration> oldestPending() {
		return this.database
			.sql("select min(created_at) as oldest, current_timestamp as now from {}task where state = 'pending'")
			.query((row, number) -> {
				Instant oldest = instant(row, "oldest");
				Instant now = instant(row, "now");
				return (oldest != null && now != null) ? Optional.of(Duration.between(oldest, now))
						: Optional.<Duration>empty();
			})
			.single();
	}

	/**
	 * Return how many tasks of an endpoint were submitted before a pending one, at most
	 * {@code max}.
	 */
	int pendingBefore(TaskRow task, int max) {
		return this.database.sql("""
				select count(*) from (select 1 from {}task where endpoint = :endpoint and state = 'pending'
					and created_at < (select created_at from {}task where id = :id) limit :max) as earlier""")
			.param("endpoint", task.endpoint())
			.param("id", task.key().id())
			.param("max", max)
			.query(Integer.class)
			.single();
	}

	/**
	 * Return the oldest pending tasks of an endpoint.
	 */
	List<TaskKey> oldestPending(String endpoint, int count) {
		return this.database
			.sql("select id, run from {}task where endpoint = :endpoint and state = 'pending'"
					+ " order by created_at limit :count")
			.param("endpoint", endpoint)
			.param("count", count)
			.query((row, number) -> new TaskKey(row.getString(1), row.getInt(2)))
			.list();
	}

	Map<String, @Nullable Object> params(String id) {
		return TaskJson.read(this.database.sql("select params from {}task_params where task_id = :id")
			.param("id", id)
			.query(String.class)
			.single());
	}

	Optional<AkiResult> result(String id, @Nullable String owner) {
		return resultJson(id, owner)
			.map((json) -> StoredResult.restore(json, (index) -> binary(id, index, owner).orElseThrow()));
	}

	Optional<AkiResult> resultWithoutBinaries(String id, @Nullable String owner) {
		return resultJson(id, owner).map(StoredResult::restoreWithoutBinaries);
	}

	private Optional<String> resultJson(String id, @Nullable String owner) {
		return owned(this.database.sql("""
				select result from {}task_result join {}task on id = task_id
				where task_id = :id and state = 'completed'""" + ownedBy(owner)), owner).param("id", id)
			.query(String.class)
			.optional();
	}

	Optional<AkiBinary> binary(String id, int index, @Nullable String owner) {
		return owned(this.database.sql("""
				select format, data from {}task_binary join {}task on id = task_id
				where task_id = :id and position = :position and state = 'completed'""" + ownedBy(owner)), owner)
			.param("id", id)
			.param("position", index)
			.query((row, number) -> new AkiBinary(row.getString(1), row.getBytes(2)))
			.optional();
	}

	Optional<AkiStoredBinary> storedBinary(String id, int index, @Nullable String owner) {
		return owned(this.database.sql("""
				select format, length from {}task_binary join {}task on id = task_id
				where task_id = :id and position = :position and state = 'completed'""" + ownedBy(owner)), owner)
			.param("id", id)
			.param("position", index)
			.query((row, number) -> new JdbcStoredBinary(id, index, row.getString(1), row.getInt(2)))
			.optional()
			.map(AkiStoredBinary.class::cast);
	}

	private Optional<byte[]> part(JdbcStoredBinary binary, int offset) {
		return this.database.sql("""
				select substring(data from :start for :count) from {}task_binary
				where task_id = :id and position = :position""")
			.param("start", offset + 1)
			.param("count", BINARY_PART)
			.param("id", binary.id)
			.param("position", binary.index)
			.query((row, number) -> row.getBytes(1))
			.optional();
	}

	Optional<TaskRow> row(TaskKey key) {
		return this.database.sql("select " + ROW_COLUMNS + " from {}task where id = :id and run = :run")
			.param("id", key.id())
			.param("run", key.run())
			.query(TaskStore::row)
			.optional();
	}

	/**
	 * Return the unfinished tasks that an instance follows.
	 */
	List<TaskRow> rowsOf(String instance) {
		return this.database.sql("select " + ROW_COLUMNS + " from {}task where instance = :instance and " + ACTIVE)
			.param("instance", instance)
			.query(TaskStore::row)
			.list();
	}

	/**
	 * Return the tasks that an instance follows and that are to be canceled.
	 */
	List<TaskRow> cancelRequests(String instance) {
		return this.database
			.sql("select " + ROW_COLUMNS + " from {}task where instance = :instance and cancel_requested = true and "
					+ ACTIVE)
			.param("instance", instance)
			.query(TaskStore::row)
			.list();
	}

	/**
	 * Claim a task for an instance.
	 * @param version the version of the row in the queue. It has changed if another
	 * instance executes the row
	 * @return the claimed task, empty if it has changed since it was read
	 */
	Optional<TaskRow> claim(TaskRow task, String instance, long version) {
		int updated = this.database.update(this.database.sql("""
				update {}task set state = case when state = 'pending' then 'queued' else state end,
					attempt = attempt + 1, instance = :instance, started_at = coalesce(started_at, current_timestamp),
					updated_at = current_timestamp
				where id = :id and run = :run and attempt = :attempt and state = :state and exists (
					select 1 from {}task_queue where task_name = :name and task_instance = :queued and picked = true
						and version = :version)""")
			.params(fence(task))
			.param("name", TaskQueue.NAME)
			.param("queued", task.key().toString())
			.param("version", version)
			.param("state", task.state().value())
			.param("instance", instance));
		return (updated == 1) ? row(task.key()) : Optional.empty();
	}

	/**
	 * Make a claimed task whose job was not started pending again, or canceled if
	 * somebody has requested it.
	 */
	boolean unclaim(TaskRow task) {
		return this.database.update(this.database.sql("""
				update {}task set state = case when cancel_requested then 'canceled' else 'pending' end,
					ended_at = case when cancel_requested then current_timestamp end, instance = null,
					started_at = null, updated_at = current_timestamp""" + FENCE + " and job_id is null")
			.params(fence(task))) == 1;
	}

	/**
	 * Give up a task, so that another instance resumes its job.
	 */
	boolean giveBack(TaskRow task, @Nullable String jobId) {
		return this.database.update(this.database
			.sql("update {}task set job_id = coalesce(:jobId, job_id), instance = null, updated_at = current_timestamp"
					+ FENCE)
			.params(fence(task))
			.param("jobId", jobId, Types.VARCHAR)) == 1;
	}

	/**
	 * Give up the tasks of an instance whose job ids are stored, so that another instance
	 * resumes them.
	 */
	List<TaskKey> giveBack(String instance) {
		List<TaskKey> keys = this.database
			.sql("select id, run from {}task where instance = :instance and job_id is not null and " + ACTIVE)
			.param("instance", instance)
			.query((row, number) -> new TaskKey(row.getString(1), row.getInt(2)))
			.list();
		this.database.update(this.database
			.sql("update {}task set instance = null where instance = :instance and job_id is not null and " + ACTIVE)
			.param("instance", instance));
		return keys;
	}

	/**
	 * Store the progress of jobs.
	 * @return which tasks were updated, in the order of the reports
	 */
	boolean[] report(List<TaskReport> reports) {
		SqlParameterSource[] parameters = reports.stream().map((report) -> {
			AkiProgressInfo info = report.info();
			return new MapSqlParameterSource(fence(report.task())).addValue("jobId", info.jobId())
				.addValue("state", report.state().value())
				.addValue("progress", Math.min(100, Math.max(0, info.progress())))
				.addValue("queuePosition", info.queuePosition())
				.addValue("estimate", info.estimate());
		}).toArray(SqlParameterSource[]::new);
		int[] counts = this.database.batch("""
				update {}task set job_id = :jobId, state = :state, progress = :progress,
					queue_position = :queuePosition, estimate = :estimate, updated_at = current_timestamp""" + FENCE,
				parameters);
		boolean[] updated = new boolean[counts.length];
		for (int i = 0; i < counts.length; i++) {
			updated[i] = counts[i] != 0;
		}
		return updated;
	}

	/**
	 * Store a result.
	 * @return {@code false} if the task was deleted, was canceled, or follows another job
	 */
	boolean complete(TaskRow task, @Nullable String jobId, StoredResult result) {
		boolean updated = this.database.update(this.database.sql("""
				update {}task set state = 'completed', job_id = coalesce(:jobId, job_id), progress = 100,
					queue_position = -1, estimate = -1, error = null, error_code = null, binaries = :binaries,
					instance = null, updated_at = current_timestamp, ended_at = current_timestamp
				where id = :id and run = :run and ((attempt = :attempt and state in ('queued', 'running'))
					or (job_id = :jobId and state in ('queued', 'running', 'failed'))
					or (job_id is null and state = 'failed'))""")
			.params(fence(task))
			.param("jobId", jobId, Types.VARCHAR)
			.param("binaries", result.binaries().size())) == 1;
		if (updated) {
			insertResult(task.key().id(), result);
		}
		return updated;
	}

	private void insertResult(String id, StoredResult result) {
		this.database.update(this.database.sql("insert into {}task_result (task_id, result) values (:id, :result)")
			.param("id", id)
			.param("result", result.json()));
		for (int i = 0; i < result.binaries().size(); i++) {
			AkiBinary binary = result.binaries().get(i);
			this.database.update(this.database.sql("""
					insert into {}task_binary (task_id, position, format, length, data)
					values (:id, :position, :format, :length, :data)""")
				.param("id", id)
				.param("position", i)
				.param("format", cut(binary.format(), 30))
				.param("length", binary.data().length)
				.param("data", binary.data()));
		}
	}

	/**
	 * Store that a task has failed or was canceled.
	 * @return {@code false} if another instance has claimed the task
	 */
	boolean end(TaskRow task, TaskFailure failure) {
		return this.database.update(this.database.sql("""
				update {}task set state = :end, job_id = coalesce(:jobId, job_id), queue_position = -1, estimate = -1,
					error = :error, error_code = :errorCode, instance = null, updated_at = current_timestamp,
					ended_at = current_timestamp""" + FENCE)
			.params(fence(task))
			.param("end", failure.state().value())
			.param("jobId", failure.jobId(), Types.VARCHAR)
			.param("error", cut(failure.error(), ERROR_LENGTH_MAX), Types.VARCHAR)
			.param("errorCode", failure.errorCode(), Types.INTEGER)) == 1;
	}

	boolean cancelPending(String id, @Nullable String owner) {
		return this.database.update(owned(this.database.sql("""
				update {}task set state = 'canceled', cancel_requested = true, updated_at = current_timestamp,
					ended_at = current_timestamp where id = :id and state = 'pending'""" + ownedBy(owner)), owner)
			.param("id", id)) == 1;
	}

	boolean requestCancel(String id, @Nullable String owner) {
		return this.database
			.update(owned(this.database.sql("update {}task set cancel_requested = true, updated_at = current_timestamp"
					+ " where id = :id and " + ACTIVE + ownedBy(owner)), owner)
				.param("id", id)) == 1;
	}

	/**
	 * Make a failed or canceled task pending.
	 */
	boolean reset(String id, @Nullable String owner) {
		return this.database.update(owned(this.database.sql("""
				update {}task set state = 'pending', run = run + 1, job_id = null, progress = 0, queue_position = -1,
					estimate = -1, cancel_requested = false, error = null, error_code = null, binaries = 0,
					started_at = null, ended_at = null, updated_at = current_timestamp
				where id = :id and state in ('failed', 'canceled')""" + ownedBy(owner)), owner).param("id", id)) == 1;
	}

	TaskKey key(String id) {
		return new TaskKey(id,
				this.database.sql("select run from {}task where id = :id")
					.param("id", id)
					.query(Integer.class)
					.single());
	}

	boolean delete(String id, @Nullable String owner) {
		return this.database.update(owned(this.database
			.sql("delete from {}task where id = :id and state in ('completed', 'failed', 'canceled')" + ownedBy(owner)),
				owner)
			.param("id", id)) == 1;
	}

	/**
	 * Return tasks that ended in a state before a time, at most {@code limit}.
	 */
	List<String> endedBefore(AkiTaskState state, Instant time, int limit) {
		return this.database.sql("select id from {}task where state = :state and ended_at < :time limit :limit")
			.param("state", state.value())
			.param("time", time.atOffset(ZoneOffset.UTC))
			.param("limit", limit)
			.query((row, number) -> row.getString(1))
			.list();
	}

	int deleteAll(List<String> ids, AkiTaskState state, Instant time) {
		return this.database
			.update(this.database.sql("delete from {}task where id in (:ids) and state = :state and ended_at < :time")
				.param("ids", ids)
				.param("state", state.value())
				.param("time", time.atOffset(ZoneOffset.UTC)));
	}

	/**
	 * Return the tasks that changed after a time, at most {@code limit}, oldest first.
	 */
	List<AkiTask> changedSince(Instant time, int limit) {
		return this.database
			.sql("select " + TASK_COLUMNS + " from {}task where updated_at >= :time order by updated_at limit :limit")
			.param("time", time.atOffset(ZoneOffset.UTC))
			.param("limit", limit)
			.query(TaskStore::task)
			.list();
	}

	private static Map<String, Object> fence(TaskRow task) {
		Map<String, Object> fence = new LinkedHashMap<>();
		fence.put("id", task.key().id());
		fence.put("run", task.key().run());
		fence.put("attempt", task.attempt());
		return fence;
	}

	private static String ownedBy(@Nullable String owner) {
		return (owner != null) ? " and owner = :owner" : "";
	}

	private static StatementSpec owned(StatementSpec statement, @Nullable String owner) {
		return (owner != null) ? statement.param("owner", owner) : statement;
	}

	private static String stored(@Nullable String owner) {
		return (owner != null) ? owner : "";
	}

	private static @Nullable String cut(@Nullable String text, int max) {
		if (text == null) {
			return null;
		}
		// PostgreSQL does not store this character
		String stored = text.replace('\0', '\uFFFD');
		if (stored.length() <= max) {
			return stored;
		}
		int end = Character.isHighSurrogate(stored.charAt(max - 2)) ? max - 2 : max - 1;
		return stored.substring(0, end) + "…";
	}

	private static TaskRow row(ResultSet row, int number) throws SQLException {
		return new TaskRow(new TaskKey(row.getString("id"), row.getInt("run")), row.getString("endpoint"),
				row.getString("owner"), AkiTaskState.of(row.getString("state")), row.getInt("attempt"),
				row.getString("instance"), row.getString("job_id"), row.getBoolean("cancel_requested"));
	}

	private static AkiTask task(ResultSet row, int number) throws SQLException {
		String owner = row.getString("owner");
		int errorCode = row.getInt("error_code");
		Integer code = row.wasNull() ? null : Integer.valueOf(errorCode);
		return new AkiTask(row.getString("id"), row.getString("endpoint"), owner.isEmpty() ? null : owner,
				AkiTaskState.of(row.getString("state")), row.getDouble("progress"), row.getInt("queue_position"),
				row.getDouble("estimate"), row.getInt("attempt"), row.getString("job_id"), row.getString("error"), code,
				row.getInt("binaries"), row.getBoolean("cancel_requested"),
				TaskJson.readTexts(row.getString("metadata")), time(row, "created_at"), instant(row, "started_at"),
				time(row, "updated_at"), instant(row, "ended_at"));
	}

	private static Instant time(ResultSet row, String column) throws SQLException {
		return row.getObject(column, OffsetDateTime.class).toInstant();
	}

	private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	/**
	 * A request that was stored.
	 *
	 * @param id the task's id
	 * @param endpoint the endpoint
	 * @param params the parameters as JSON
	 */
	record StoredRequest(String id, String endpoint, String params) {

	}

	private final class JdbcStoredBinary implements AkiStoredBinary {

		private final String id;

		private final int index;

		private final String format;

		private final int length;

		JdbcStoredBinary(String id, int index, String format, int length) {
			this.id = id;
			this.index = index;
			this.format = format;
			this.length = length;
		}

		@Override
		public String format() {
			return this.format;
		}

		@Override
		public int length() {
			return this.length;
		}

		@Override
		public void writeTo(OutputStream output) throws IOException {
			for (int offset = 0; offset < this.length; offset += BINARY_PART) {
				output.write(part(this, offset).orElseThrow(() -> new IOException("The task was deleted")));
			}
		}

	}

}
