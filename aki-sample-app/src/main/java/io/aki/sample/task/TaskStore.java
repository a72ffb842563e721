package io.aki.sample.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import io.aki.client.AkiBinary;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * Stores the tasks in the database.
 * <p>
 * The writes of a worker are fenced: each write contains the attempt that the worker was
 * given. If a worker stalls and another worker claims its task meanwhile, the writes of
 * the stalled worker change nothing.
 */
@Repository
public class TaskStore {

	private static final String COLUMNS = """
			id, endpoint, worker, prompt, status, attempt, job_id, progress, queue_position, estimate, message,
			cancel_requested, error, binaries, created_at, updated_at""";

	private static final int LONGEST_ERROR = 2000;

	private static final int LONGEST_MESSAGE = 200;

	private static final TypeReference<Map<String, Object>> PARAMS = new TypeReference<>() {
	};

	private final JdbcClient jdbc;

	private final JsonMapper json;

	TaskStore(JdbcClient jdbc, JsonMapper json) {
		this.jdbc = jdbc;
		this.json = json;
	}

	void insert(TaskRun run, NewTask task) {
		this.jdbc.sql("""
				insert into task (id, endpoint, worker, params, prompt, status, run, attempt, progress, queue_position,
					estimate, cancel_requested, binaries, created_at, updated_at)
				values (:id, :endpoint, :worker, :params, :prompt, 'pending', :run, 0, 0, -1, -1, false, 0,
					current_timestamp, current_timestamp)""")
			.param("id", run.taskId())
			.param("run", run.run())
			.param("endpoint", task.endpoint())
			.param("worker", task.kind().word())
			.param("params", this.json.writeValueAsString(task.params()))
			.param("prompt", task.prompt())
			.update();
	}

	public Optional<Task> find(String id) {
		return this.jdbc.sql("select " + COLUMNS + " from task where id = :id")
			.param("id", id)
			.query(TaskStore::task)
			.optional();
	}

	/**
	 * Return the newest tasks.
	 * @param endpoints the endpoints of the tasks; empty for all endpoints
	 * @param limit the maximum number of tasks
	 * @return the tasks, newest first
	 */
	public List<Task> newest(List<String> endpoints, int limit) {
		JdbcClient.StatementSpec statement = this.jdbc
			.sql("select " + COLUMNS + " from task" + (endpoints.isEmpty() ? "" : " where endpoint in (:endpoints)")
					+ " order by created_at desc, id limit :limit");
		return (endpoints.isEmpty() ? statement : statement.param("endpoints", endpoints)).param("limit", limit)
			.query(TaskStore::task)
			.list();
	}

	List<Task> changedSince(OffsetDateTime time, int limit) {
		return this.jdbc
			.sql("select " + COLUMNS + " from task where updated_at >= :time order by updated_at desc limit :limit")
			.param("time", time)
			.param("limit", limit)
			.query(TaskStore::task)
			.list();
	}

	/**
	 * Return the time of the database, which is the same for all instances.
	 * @return the current time
	 */
	OffsetDateTime now() {
		return this.jdbc.sql("select current_timestamp").query(OffsetDateTime.class).single();
	}

	/**
	 * Count the tasks.
	 * @return the number of tasks for each status, including statuses without tasks
	 */
	public Map<TaskStatus, Integer> counts() {
		Map<TaskStatus, Integer> counts = new EnumMap<>(TaskStatus.class);
		for (TaskStatus status : TaskStatus.values()) {
			counts.put(status, 0);
		}
		this.jdbc.sql("select status, count(*) as tasks from task group by status")
			.query((RowCallbackHandler) (row) -> counts.put(TaskStatus.of(row.getString("status")),
					row.getInt("tasks")));
		return counts;
	}

	int countUnfinished() {
		return this.jdbc.sql("select count(*) from task where status in ('pending', 'running')")
			.query(Integer.class)
			.single();
	}

	public Map<String, Object> params(String id) {
		return this.json.readValue(
				this.jdbc.sql("select params from task where id = :id").param("id", id).query(String.class).single(),
				PARAMS);
	}

	/**
	 * Return the result of a task.
	 * @param id the task's id
	 * @return the result, in which links replace binary values; {@code null} if there is
	 * none
	 */
	public @Nullable Map<String, Object> result(String id) {
		Optional<Map<String, Object>> result = this.jdbc
			.sql("select result from task where id = :id and result is not null")
			.param("id", id)
			.query(String.class)
			.optional()
			.map((text) -> this.json.readValue(text, PARAMS));
		return result.isPresent() ? result.get() : null;
	}

	/**
	 * Read a binary.
	 * @param id the task's id
	 * @param position the binary's number, from 0
	 * @param reader reads the binary during the transaction
	 * @return whether the binary exists
	 */
	@Transactional(readOnly = true)
	public boolean readBinary(String id, int position, Consumer<StoredBinary> reader) {
		return this.jdbc
			.sql("select format, length, data from task_binary where task_id = :id and position = :position")
			.param("id", id)
			.param("position", position)
			.query((row, number) -> {
				reader.accept(
						new StoredBinary(row.getString("format"), row.getLong("length"), row.getBinaryStream("data")));
				return true;
			})
			.optional()
			.isPresent();
	}

	/**
	 * Claim a task from the queue.
	 * @param run the run from the queue
	 * @param queueName the name of these tasks in the queue
	 * @param version the fencing token of the queue; it increases when the queue assigns
	 * the run to another instance
	 * @return the task; empty if the task has ended or belongs to another instance
	 */
	@Transactional
	public Optional<ClaimedTask> take(TaskRun run, String queueName, long version) {
		Optional<ClaimedTask> task = this.jdbc.sql("""
				select id, endpoint, worker, params, status, attempt, job_id from task
				where id = :id and run = :run and status in ('pending', 'running')
				for update""")
			.param("id", run.taskId())
			.param("run", run.run())
			.query((row, number) -> new ClaimedTask(row.getString("id"), row.getInt("attempt") + 1,
					row.getString("endpoint"), WorkerKind.of(row.getString("worker")),
					this.json.readValue(row.getString("params"), PARAMS), row.getString("job_id"),
					TaskStatus.of(row.getString("status")) == TaskStatus.RUNNING))
			.optional();
		return task.filter((taken) -> this.jdbc.sql("""
				update task set status = 'running', attempt = :attempt, updated_at = current_timestamp
				where id = :id and exists (select 1 from scheduled_tasks where task_name = :name
					and task_instance = :instance and picked = true and version = :version)""")
			.param("id", taken.id())
			.param("attempt", taken.attempt())
			.param("name", queueName)
			.param("instance", run.toString())
			.param("version", version)
			.update() == 1);
	}

	/**
	 * Store the progress of a job, and check whether the worker is to continue.
	 * @param task the task
	 * @param report the new progress; {@code null} if nothing has changed
	 * @return the state of the worker's claim
	 */
	@Transactional
	public Ownership report(ClaimedTask task, @Nullable TaskReport report) {
		if (report != null && this.jdbc.sql("""
				update task set job_id = :jobId, progress = :progress, queue_position = :queuePosition,
					estimate = :estimate, message = :message, updated_at = current_timestamp
				where id = :id and attempt = :attempt and status = 'running'""")
			.param("id", task.id())
			.param("attempt", task.attempt())
			.param("jobId", report.info().jobId())
			.param("progress", Math.max(0, report.info().progress()))
			.param("queuePosition", report.info().queuePosition())
			.param("estimate", report.info().estimate())
			.param("message", cut(report.message(), LONGEST_MESSAGE))
			.update() == 0) {
			return Ownership.LOST;
		}
		return this.jdbc.sql("""
				select cancel_requested from task
				where id = :id and attempt = :attempt and status = 'running'""")
			.param("id", task.id())
			.param("attempt", task.attempt())
			.query(Boolean.class)
			.optional()
			.map((cancel) -> cancel ? Ownership.TO_BE_CANCELED : Ownership.MINE)
			.orElse(Ownership.LOST);
	}

	@Transactional
	public boolean complete(ClaimedTask task, @Nullable String jobId, Map<String, ?> result, List<AkiBinary> binaries) {
		boolean mine = this.jdbc.sql("""
				update task set status = 'completed', job_id = coalesce(:jobId, job_id), progress = 100,
					queue_position = -1, estimate = -1, message = null, result = :result, binaries = :binaries,
					updated_at = current_timestamp
				where id = :id and attempt = :attempt and status = 'running'""")
			.param("id", task.id())
			.param("attempt", task.attempt())
			.param("jobId", jobId)
			.param("result", this.json.writeValueAsString(result))
			.param("binaries", binaries.size())
			.update() == 1;
		for (int i = 0; mine && i < binaries.size(); i++) {
			this.jdbc.sql("""
					insert into task_binary (task_id, position, format, length, data)
					values (:id, :position, :format, :length, :data)""")
				.param("id", task.id())
				.param("position", i)
				.param("format", binaries.get(i).format())
				.param("length", binaries.get(i).data().length)
				.param("data", binaries.get(i).data())
				.update();
		}
		return mine;
	}

	public boolean fail(ClaimedTask task, @Nullable String jobId, String error) {
		return end(task, jobId, TaskStatus.FAILED, error);
	}

	public boolean canceled(ClaimedTask task, @Nullable String jobId) {
		return end(task, jobId, TaskStatus.CANCELED, null);
	}

	private boolean end(ClaimedTask task, @Nullable String jobId, TaskStatus status, @Nullable String error) {
		return this.jdbc.sql("""
				update task set status = :status, job_id = coalesce(:jobId, job_id), queue_position = -1,
					estimate = -1, message = null, error = :error, updated_at = current_timestamp
				where id = :id and attempt = :attempt and status = 'running'""")
			.param("id", task.id())
			.param("attempt", task.attempt())
			.param("jobId", jobId)
			.param("status", status.word())
			.param("error", cut(error, LONGEST_ERROR))
			.update() == 1;
	}

	boolean cancelPending(String id) {
		return this.jdbc.sql("""
				update task set status = 'canceled', cancel_requested = true, updated_at = current_timestamp
				where id = :id and status = 'pending'""").param("id", id).update() == 1;
	}

	boolean requestCancel(String id) {
		return this.jdbc.sql("""
				update task set cancel_requested = true, updated_at = current_timestamp
				where id = :id and status = 'running'""").param("id", id).update() == 1;
	}

	/**
	 * Reset a failed or canceled task to the status {@code pending}.
	 * @param id the task's id
	 * @return the run to enqueue; empty if the task has not ended or has completed
	 */
	Optional<TaskRun> reset(String id) {
		boolean reset = this.jdbc.sql("""
				update task set status = 'pending', run = run + 1, attempt = attempt + 1, job_id = null, progress = 0,
					message = null, cancel_requested = false, error = null, updated_at = current_timestamp
				where id = :id and status in ('failed', 'canceled')""").param("id", id).update() == 1;
		return reset ? Optional.of(new TaskRun(id,
				this.jdbc.sql("select run from task where id = :id").param("id", id).query(Integer.class).single()))
				: Optional.empty();
	}

	private static @Nullable String cut(@Nullable String text, int longest) {
		return (text != null && text.length() > longest) ? text.substring(0, longest - 1) + "…" : text;
	}

	private static Task task(ResultSet row, int number) throws SQLException {
		return new Task(row.getString("id"), row.getString("endpoint"), WorkerKind.of(row.getString("worker")),
				row.getString("prompt"), TaskStatus.of(row.getString("status")), row.getInt("attempt"),
				row.getString("job_id"), row.getDouble("progress"), row.getInt("queue_position"),
				row.getDouble("estimate"), row.getString("message"), row.getBoolean("cancel_requested"),
				row.getString("error"), row.getInt("binaries"), row.getObject("created_at", OffsetDateTime.class),
				row.getObject("updated_at", OffsetDateTime.class));
	}

}
