package io.aki.sample.task;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.aki.client.AkiBinary;
import io.aki.client.AkiJobState;
import io.aki.client.AkiProgressInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which writes of a worker are accepted after another worker has claimed its task.
 * The tests write the queue entries, and the scheduler does not process them.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@TestPropertySource(properties = { "AKI_API_KEY=", "aki.io.api-key=", "db-scheduler.polling-interval=1h",
		"db-scheduler.immediate-execution-enabled=false", "db-scheduler.heartbeat-interval=1h" })
class TaskStoreTests {

	private static final String QUEUE = "aki-task";

	private static final AkiProgressInfo HALF = new AkiProgressInfo("job#1", 50, -1, 3, AkiJobState.RUNNING,
			"processing", true);

	private final TaskStore store;

	private final JdbcClient jdbc;

	private final TaskRun run = new TaskRun("task", 1);

	TaskStoreTests(@Autowired TaskStore store, @Autowired JdbcClient jdbc) {
		this.store = store;
		this.jdbc = jdbc;
	}

	@BeforeEach
	void submit() {
		this.jdbc.sql("delete from task").update();
		this.store.insert(this.run, new NewTask("z_image_turbo", Map.of("prompt", "A hill"), null));
		queued(this.run, 1);
	}

	@Test
	void workerWhoseTaskWasTakenChangesNothing() {
		ClaimedTask stalled = this.store.take(this.run, QUEUE, 1).orElseThrow();
		this.store.report(stalled, new TaskReport(HALF, null));
		queued(this.run, 2);
		ClaimedTask successor = this.store.take(this.run, QUEUE, 2).orElseThrow();
		assertThat(successor.attempt()).isEqualTo(stalled.attempt() + 1);
		assertThat(successor.jobId()).isEqualTo("job#1");
		assertThat(successor.takenBefore()).isTrue();

		assertThat(this.store.report(stalled, new TaskReport(HALF, "late"))).isEqualTo(Ownership.LOST);
		assertThat(this.store.report(stalled, null)).isEqualTo(Ownership.LOST);
		assertThat(this.store.fail(stalled, "job#1", "late")).isFalse();
		assertThat(this.store.canceled(stalled, "job#1")).isFalse();
		assertThat(this.store.complete(stalled, "job#1", Map.of(), List.of())).isFalse();
		assertThat(task().status()).isEqualTo(TaskStatus.RUNNING);
		assertThat(task().message()).isNull();

		assertThat(this.store.complete(successor, "job#1", Map.of("seed", 7),
				List.of(new AkiBinary("png", new byte[] { 1, 2, 3 }))))
			.isTrue();
		assertThat(this.store.complete(stalled, "job#1", Map.of(), List.of())).isFalse();
		assertThat(this.store.result("task")).isEqualTo(Map.of("seed", 7));
		assertThat(task().binaries()).isEqualTo(1);
	}

	@Test
	void instanceThatLostItsPlaceInTheQueueCannotTake() {
		queued(this.run, 2);
		assertThat(this.store.take(this.run, QUEUE, 1)).isEmpty();
		assertThat(task().status()).isEqualTo(TaskStatus.PENDING);
		assertThat(this.store.take(this.run, QUEUE, 2)).isPresent();
	}

	@Test
	void whatIsLeftOfAnEarlierRunCannotTake() {
		ClaimedTask first = this.store.take(this.run, QUEUE, 1).orElseThrow();
		this.store.fail(first, null, "no");
		Optional<TaskRun> second = this.store.reset("task");
		assertThat(second).hasValue(new TaskRun("task", 2));
		assertThat(this.store.take(this.run, QUEUE, 1)).isEmpty();
		assertThat(this.store.complete(first, null, Map.of(), List.of())).isFalse();
		queued(second.get(), 1);
		ClaimedTask taken = this.store.take(second.get(), QUEUE, 1).orElseThrow();
		assertThat(taken.takenBefore()).isFalse();
		assertThat(taken.attempt()).isGreaterThan(first.attempt());
	}

	@Test
	void endedTaskIsNotTaken() {
		assertThat(this.store.cancelPending("task")).isTrue();
		assertThat(this.store.take(this.run, QUEUE, 1)).isEmpty();
		assertThat(task().status()).isEqualTo(TaskStatus.CANCELED);
	}

	@Test
	void workerIsToldOfTheWishToCancel() {
		ClaimedTask taken = this.store.take(this.run, QUEUE, 1).orElseThrow();
		assertThat(this.store.report(taken, null)).isEqualTo(Ownership.MINE);
		assertThat(this.store.requestCancel("task")).isTrue();
		assertThat(this.store.report(taken, null)).isEqualTo(Ownership.TO_BE_CANCELED);
	}

	private Task task() {
		return this.store.find("task").orElseThrow();
	}

	private void queued(TaskRun run, long version) {
		this.jdbc.sql("delete from scheduled_tasks").update();
		this.jdbc.sql("""
				insert into scheduled_tasks (task_name, task_instance, execution_time, picked, last_heartbeat, version)
				values (:name, :instance, current_timestamp, true, current_timestamp, :version)""")
			.param("name", QUEUE)
			.param("instance", run.toString())
			.param("version", version)
			.update();
	}

}
