package io.aki.spring.boot.tasks;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.aki.client.AkiBinary;
import io.aki.client.AkiJob;
import io.aki.client.AkiParameters;
import io.aki.client.AkiRequestGuard;
import io.aki.client.AkiRequestRefusedException;
import io.aki.client.AkiResult;
import io.aki.client.AkiStartRequest;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorFault;
import io.aki.spring.boot.test.AkiEmulatorJob;
import io.aki.spring.boot.test.AkiEmulatorReply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link AkiTasks} that each database passes.
 */
@Timeout(120)
abstract class AbstractAkiTasksTests {

	static final String CHAT = "llama3_8b_chat";

	static final String IMAGE = "z_image_turbo";

	private static final Duration LIMIT = Duration.ofSeconds(30);

	final AkiEmulator emulator = AkiEmulator.builder().pace(100).build();

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	/**
	 * Return the properties of an empty database.
	 */
	abstract String[] database() throws Exception;

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	static class Application {

		private static final String CHAIN = "chain";

		/** What the guard throws, once each. */
		final Queue<RuntimeException> refusals = new ConcurrentLinkedQueue<>();

		/** The users whose requests the guard refuses. */
		final Set<String> refusedUsers = ConcurrentHashMap.newKeySet();

		/** The requests that the guard was asked for. */
		final List<AkiStartRequest> requests = new CopyOnWriteArrayList<>();

		final List<AkiTaskEvent> events = new CopyOnWriteArrayList<>();

		@Autowired
		private ObjectProvider<AkiTasks> tasks;

		@Autowired
		private PlatformTransactionManager transactionManager;

		@Bean
		AkiRequestGuard guard() {
			return (request) -> {
				this.requests.add(request);
				RuntimeException refusal = this.refusals.poll();
				if (refusal != null) {
					throw refusal;
				}
				if (request.principal() != null && this.refusedUsers.contains(request.principal().getName())) {
					throw new AkiRequestRefusedException(request.endpoint(), "not now", Duration.ofHours(1));
				}
			};
		}

		/**
		 * Store the event, and submit the next task of a chain.
		 */
		@EventListener
		void changed(AkiTaskEvent event) {
			this.events.add(event);
			int left = Integer.parseInt(event.task().metadata().getOrDefault(CHAIN, "0"));
			if (left > 0 && event.task().state() == AkiTaskState.COMPLETED) {
				AkiTasks tasks = this.tasks.getObject();
				tasks.submit(chat("Next").metadata(Map.of(CHAIN, String.valueOf(left - 1))));
				tasks.delete(tasks.submit(chat("Other")));
				String canceled = tasks.submit(chat("Canceled"));
				tasks.cancel(canceled);
				TransactionTemplate own = new TransactionTemplate(this.transactionManager);
				own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
				own.executeWithoutResult((status) -> {
					tasks.submit(chat("Rolled back").owner("nobody"));
					status.setRollbackOnly();
				});
			}
		}

	}

	private String[] database;

	@BeforeEach
	void prepare() throws Exception {
		this.database = database();
	}

	@AfterEach
	void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
		this.emulator.close();
	}

	private ConfigurableApplicationContext start(String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--aki.io.api-server=" + this.emulator.apiServer(),
				"--aki.io.api-key=" + this.emulator.apiKey(), "--aki.io.tasks.report-interval=50ms"));
		for (String[] more : new String[][] { this.database, properties }) {
			for (String property : more) {
				arguments.add("--" + property);
			}
		}
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
		this.contexts.add(context);
		return context;
	}

	private static AkiTasks tasks(ConfigurableApplicationContext context) {
		return context.getBean(AkiTasks.class);
	}

	private static AkiTask await(AkiTasks tasks, String id, AkiTaskState state) {
		Awaitility.await(state.value())
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(tasks.find(id)).get().extracting(AkiTask::state).isEqualTo(state));
		return tasks.find(id).orElseThrow();
	}

	private static AkiTaskRequest chat(String prompt) {
		return AkiTaskRequest.of(CHAT, AkiParameters.chat().user(prompt));
	}

	private static AkiTaskRequest image(String prompt) {
		return AkiTaskRequest.of(IMAGE, AkiParameters.image(prompt).width(64).height(64));
	}

	@Test
	void completesAChatAndStoresItsResult() {
		AkiTasks tasks = tasks(start());
		String id = tasks.submit(chat("Write a joke").metadata(Map.of("title", "A joke")));
		AkiTask task = await(tasks, id, AkiTaskState.COMPLETED);
		assertThat(task.endpoint()).isEqualTo(CHAT);
		assertThat(task.owner()).isNull();
		assertThat(task.progress()).isEqualTo(100);
		assertThat(task.attempt()).isEqualTo(1);
		assertThat(task.error()).isNull();
		assertThat(task.errorCode()).isNull();
		assertThat(task.binaries()).isZero();
		assertThat(task.metadata()).containsExactly(Map.entry("title", "A joke"));
		assertThat(task.startedAt()).isAfterOrEqualTo(task.createdAt());
		assertThat(task.endedAt()).isAfterOrEqualTo(task.startedAt());
		AkiResult result = tasks.result(id).orElseThrow();
		assertThat(result.success()).isTrue();
		assertThat(result.answer()).isNotBlank();
		assertThat(result.jobId()).isEqualTo(task.jobId());
		assertThat(this.emulator.jobs()).singleElement().satisfies((job) -> {
			assertThat(job.id()).isEqualTo(task.jobId());
			assertThat(job.handedOut()).isOne();
			assertThat(job.cancelRequests()).isZero();
		});
	}

	@Test
	void storesImages() throws Exception {
		AkiTasks tasks = tasks(start());
		String id = tasks.submit(image("A lighthouse"));
		AkiTask task = await(tasks, id, AkiTaskState.COMPLETED);
		assertThat(task.binaries()).isOne();
		AkiBinary binary = tasks.binary(id, 0).orElseThrow();
		assertThat(binary.format()).isIn("png", "jpeg", "jpg");
		assertThat(tasks.result(id).orElseThrow().binaries()).containsExactly(binary);
		AkiStoredBinary stored = tasks.storedBinary(id, 0).orElseThrow();
		assertThat(stored.format()).isEqualTo(binary.format());
		assertThat(stored.length()).isEqualTo(binary.data().length);
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		stored.writeTo(output);
		assertThat(output.toByteArray()).isEqualTo(binary.data());
		assertThat(tasks.binary(id, 1)).isEmpty();
		assertThat(tasks.storedBinary(id, 1)).isEmpty();
		AkiResult light = tasks.resultWithoutBinaries(id).orElseThrow();
		assertThat(light.binaries()).isEmpty();
		assertThat(light.jobId()).isEqualTo(task.jobId());
		tasks.delete(id);
		assertThatIOException().isThrownBy(() -> stored.writeTo(output));
	}

	@Test
	void writesALargeBinaryInParts() throws Exception {
		ConfigurableApplicationContext context = start();
		AkiTasks tasks = tasks(context);
		String id = tasks.submit(image("A lighthouse"));
		await(tasks, id, AkiTaskState.COMPLETED);
		byte[] large = new byte[1_000_001];
		IntStream.range(0, large.length).forEach((index) -> large[index] = (byte) (index * 31));
		context.getBean(JdbcClient.class)
			.sql("update aki_task_binary set data = ?, length = ?")
			.param(large)
			.param(large.length)
			.update();
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		tasks.storedBinary(id, 0).orElseThrow().writeTo(output);
		assertThat(output.toByteArray()).isEqualTo(large);
	}

	@Test
	void storesAFailureWithItsText() {
		AkiTasks tasks = tasks(start());
		AkiTask task = await(tasks, tasks.submit(chat("FAIL")), AkiTaskState.FAILED);
		assertThat(task.error()).contains("CUDA out of memory");
		assertThat(tasks.result(task.id())).isEmpty();
	}

	@Test
	void parametersThatTheServerRefusesAreAFailureWithItsCode() {
		AkiTasks tasks = tasks(start());
		AkiTask task = await(tasks, tasks.submit(AkiTaskRequest.of(IMAGE, Map.of())), AkiTaskState.FAILED);
		assertThat(task.errorCode()).isEqualTo(400);
		assertThat(task.error()).contains("prompt");
		assertThat(task.jobId()).isNull();
	}

	@Test
	void timeoutIsAFailureWithItsText() {
		AkiTasks tasks = tasks(start("aki.io.job-timeout=1s"));
		AkiTask task = await(tasks, tasks.submit(chat("HANG")), AkiTaskState.FAILED);
		assertThat(task.error()).contains("job-timeout");
		assertThat(this.emulator.jobs()).extracting(AkiEmulatorJob::cancelRequests).containsExactly(1);
	}

	@Test
	void cancelsARunningTask() {
		AkiTasks tasks = tasks(start());
		String id = tasks.submit(chat("HANG"));
		Awaitility.await().atMost(LIMIT).until(() -> tasks.find(id).orElseThrow().jobId() != null);
		assertThat(tasks.cancel(id)).isTrue();
		AkiTask task = await(tasks, id, AkiTaskState.CANCELED);
		assertThat(task.error()).isNull();
		assertThat(tasks.cancel(id)).isFalse();
		assertThat(this.emulator.jobs()).extracting(AkiEmulatorJob::state).containsExactly("canceled");
	}

	@Test
	void textOfARunningTaskCanBeReadWhileItIsWritten() throws Exception {
		AkiTasks tasks = tasks(start());
		AkiTasks other = tasks(start("aki.io.tasks.execute=false"));
		this.emulator.replies().add(AkiEmulatorReply.text("A story of the sea. ".repeat(600).strip()));
		String id = tasks.forOwner("alice").submit(chat("Write a story"));
		Awaitility.await().pollInterval(Duration.ofMillis(1)).atMost(LIMIT).until(() -> tasks.job(id).isPresent());
		AkiJob job = tasks.forOwner("alice").job(id).orElseThrow();
		assertThat(tasks.forOwner("bob").job(id)).isEmpty();
		assertThat(other.job(id)).isEmpty();
		// a reader that leaves does not cancel the job
		job.text().close();
		String text = job.text().collect(Collectors.joining());
		await(tasks, id, AkiTaskState.COMPLETED);
		assertThat(tasks.result(id).orElseThrow().answer()).isEqualTo(text);
		Awaitility.await().atMost(LIMIT).until(() -> tasks.job(id).isEmpty());
		assertThat(this.emulator.jobs()).singleElement().extracting(AkiEmulatorJob::cancelRequests).isEqualTo(0);
	}

	@Test
	void cancelsAPendingTaskWithoutAJob() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false"));
		String id = tasks.submit(chat("Write a joke"));
		assertThat(tasks.cancel(id)).isTrue();
		assertThat(tasks.find(id)).get().extracting(AkiTask::state).isEqualTo(AkiTaskState.CANCELED);
		AkiTasks executing = tasks(start());
		assertThat(await(executing, executing.submit(chat("Another")), AkiTaskState.COMPLETED)).isNotNull();
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void cancelsATaskThatAnotherInstanceExecutes() {
		AkiTasks executing = tasks(start());
		AkiTasks other = tasks(start("aki.io.tasks.execute=false"));
		String id = other.submit(chat("HANG"));
		Awaitility.await().atMost(LIMIT).until(() -> other.find(id).orElseThrow().jobId() != null);
		assertThat(other.cancel(id)).isTrue();
		await(executing, id, AkiTaskState.CANCELED);
	}

	@Test
	void retriesAFailedTask() {
		this.emulator.faults().add(AkiEmulatorFault.workerError("out of memory"));
		AkiTasks tasks = tasks(start());
		String id = tasks.submit(chat("Write a joke"));
		await(tasks, id, AkiTaskState.FAILED);
		assertThat(tasks.retry(id)).isTrue();
		AkiTask task = await(tasks, id, AkiTaskState.COMPLETED);
		assertThat(task.error()).isNull();
		assertThat(task.attempt()).isEqualTo(2);
		assertThat(tasks.retry(id)).isFalse();
		assertThat(this.emulator.jobs()).hasSize(2);
	}

	@Test
	void deletesATaskThatHasEnded() {
		AkiTasks tasks = tasks(start());
		String running = tasks.submit(chat("HANG"));
		String ended = tasks.submit(image("A lighthouse"));
		await(tasks, ended, AkiTaskState.COMPLETED);
		assertThat(tasks.delete(running)).isFalse();
		assertThat(tasks.delete(ended)).isTrue();
		assertThat(tasks.delete(ended)).isFalse();
		assertThat(tasks.find(ended)).isEmpty();
		assertThat(tasks.result(ended)).isEmpty();
		assertThat(tasks.binary(ended, 0)).isEmpty();
	}

	@Test
	void unknownIdIsNoTask() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false"));
		assertThat(tasks.find("unknown")).isEmpty();
		assertThat(tasks.result("unknown")).isEmpty();
		assertThat(tasks.binary("unknown", 0)).isEmpty();
		assertThat(tasks.cancel("unknown")).isFalse();
		assertThat(tasks.retry("unknown")).isFalse();
		assertThat(tasks.delete("unknown")).isFalse();
	}

	@Test
	void ownerSeesOnlyItsTasks() {
		AkiTasks tasks = tasks(start());
		AkiTasks alice = tasks.forOwner("alice");
		AkiTasks bob = tasks.forOwner("bob");
		String id = alice.submit(image("A lighthouse").owner("bob"));
		AkiTask task = await(alice, id, AkiTaskState.COMPLETED);
		assertThat(task.owner()).isEqualTo("alice");
		assertThat(bob.find(id)).isEmpty();
		assertThat(bob.result(id)).isEmpty();
		assertThat(bob.binary(id, 0)).isEmpty();
		assertThat(bob.cancel(id)).isFalse();
		assertThat(bob.retry(id)).isFalse();
		assertThat(bob.delete(id)).isFalse();
		assertThat(bob.find(AkiTaskQuery.all()).tasks()).isEmpty();
		assertThat(bob.find(AkiTaskQuery.all().owner("alice")).tasks()).isEmpty();
		assertThat(bob.counts().values()).containsOnly(0L);
		assertThat(alice.counts()).containsEntry(AkiTaskState.COMPLETED, 1L);
		assertThat(alice.result(id)).isPresent();
		assertThat(tasks.find(id)).isPresent();
	}

	@Test
	void findsPagesOfTasks() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false"));
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			ids.add(0, tasks.submit(chat("Task " + i).owner((i % 2 == 0) ? "even" : "odd")));
		}
		tasks.cancel(ids.get(0));
		AkiTaskPage first = tasks.find(AkiTaskQuery.all().size(2));
		assertThat(first.total()).isEqualTo(5);
		assertThat(first.hasNext()).isTrue();
		AkiTaskPage last = tasks.find(AkiTaskQuery.all().size(2).page(2));
		assertThat(last.hasNext()).isFalse();
		List<AkiTask> all = new ArrayList<>(first.tasks());
		all.addAll(tasks.find(AkiTaskQuery.all().size(2).page(1)).tasks());
		all.addAll(last.tasks());
		assertThat(all).extracting(AkiTask::id).containsExactlyElementsOf(ids);
		assertThat(tasks.find(AkiTaskQuery.all().states(AkiTaskState.CANCELED)).tasks()).extracting(AkiTask::id)
			.containsExactly(ids.get(0));
		assertThat(tasks.find(AkiTaskQuery.all().owner("odd")).total()).isEqualTo(2);
		assertThat(tasks.find(AkiTaskQuery.all().endpoint(IMAGE)).tasks()).isEmpty();
		assertThat(tasks.counts()).containsEntry(AkiTaskState.PENDING, 4L).containsEntry(AkiTaskState.CANCELED, 1L);
	}

	@Test
	void rollbackOfTheCallerLeavesNoTask() {
		ConfigurableApplicationContext context = start();
		AkiTasks tasks = tasks(context);
		TransactionTemplate transaction = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
		String id = transaction.execute((status) -> {
			String submitted = tasks.submit(chat("Never"));
			status.setRollbackOnly();
			return submitted;
		});
		String committed = transaction.execute((status) -> tasks.submit(chat("Committed")));
		await(tasks, committed, AkiTaskState.COMPLETED);
		assertThat(tasks.find(id)).isEmpty();
		assertThat(this.emulator.jobs()).hasSize(1);
		assertThat(context.getBean(Application.class).events).extracting((event) -> event.task().id())
			.doesNotContain(id);
	}

	@Test
	void jobStartsAfterTheCommit() {
		ConfigurableApplicationContext context = start();
		AkiTasks tasks = tasks(context);
		AkiTasks other = tasks(start("aki.io.tasks.execute=false"));
		String ended = new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).execute((status) -> {
			String id = tasks.submit(chat("Write a joke"));
			assertThat(other.find(id)).isEmpty();
			String early = other.submit(chat("Committed before"));
			await(other, early, AkiTaskState.COMPLETED);
			assertThat(this.emulator.jobs()).hasSize(1);
			return id;
		});
		await(tasks, ended, AkiTaskState.COMPLETED);
	}

	@Test
	void repeatedIdempotencyKeyStoresOneTask() throws Exception {
		ConfigurableApplicationContext context = start("aki.io.tasks.execute=false");
		AkiTasks tasks = tasks(context);
		AkiTaskRequest request = chat("Write a joke").owner("alice").idempotencyKey("order-1");
		List<Thread> threads = new ArrayList<>();
		List<String> ids = new CopyOnWriteArrayList<>();
		for (int i = 0; i < 8; i++) {
			Thread thread = new Thread(() -> ids.add(tasks.submit(request)));
			thread.start();
			threads.add(thread);
		}
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(ids).hasSize(8).containsOnly(ids.get(0));
		assertThat(tasks.find(AkiTaskQuery.all()).total()).isOne();
		// in the caller's transaction, which goes on
		new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult((status) -> {
			assertThat(tasks.submit(request)).isEqualTo(ids.get(0));
			assertThat(tasks.submit(request.owner("bob"))).isNotEqualTo(ids.get(0));
		});
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tasks.submit(chat("Another").owner("alice").idempotencyKey("order-1")))
			.withMessageContaining("order-1")
			.withMessageContaining(ids.get(0));
	}

	@Test
	void tooManyUnfinishedTasksAreRejected() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false", "aki.io.tasks.max-unfinished=3",
				"aki.io.tasks.max-unfinished-per-owner=2"));
		tasks.submit(chat("1").owner("alice"));
		tasks.submit(chat("2").owner("alice"));
		assertThatExceptionOfType(AkiTaskLimitException.class).isThrownBy(() -> tasks.submit(chat("3").owner("alice")))
			.withMessageContaining("aki.io.tasks.max-unfinished-per-owner");
		String third = tasks.submit(chat("3").owner("bob"));
		assertThatExceptionOfType(AkiTaskLimitException.class).isThrownBy(() -> tasks.submit(chat("4")))
			.withMessageContaining("aki.io.tasks.max-unfinished'");
		tasks.cancel(third);
		tasks.submit(chat("4"));
		assertThatExceptionOfType(AkiTaskLimitException.class).isThrownBy(() -> tasks.retry(third));
		assertThat(tasks.find(third)).get().extracting(AkiTask::state).isEqualTo(AkiTaskState.CANCELED);
	}

	@Test
	void endpointAtItsLimitDelaysNoOther() {
		AkiTasks tasks = tasks(start("aki.io.tasks.max-running-per-endpoint=2"));
		List<String> hanging = new ArrayList<>();
		for (int i = 0; i < 33; i++) {
			hanging.add(tasks.submit(image("HANG " + i)));
		}
		for (int i = 0; i < 5; i++) {
			await(tasks, tasks.submit(chat("Task " + i)), AkiTaskState.COMPLETED);
		}
		assertThat(this.emulator.jobs()).filteredOn((job) -> job.endpoint().equals(IMAGE)).hasSizeBetween(1, 8);
		hanging.forEach(tasks::cancel);
		hanging.forEach((id) -> await(tasks, id, AkiTaskState.CANCELED));
	}

	@Test
	void waitingTasksOfAnEndpointStartWhenThereIsRoom() {
		AkiTasks tasks = tasks(start("aki.io.tasks.max-running-per-endpoint=1"));
		List<String> ids = IntStream.range(0, 10).mapToObj((number) -> tasks.submit(chat("Task " + number))).toList();
		ids.forEach((id) -> await(tasks, id, AkiTaskState.COMPLETED));
		assertThat(this.emulator.jobs()).hasSize(10).allMatch((job) -> job.handedOut() == 1);
	}

	@Test
	void publishesEventsAndChanges() throws Exception {
		ConfigurableApplicationContext context = start();
		AkiTasks tasks = tasks(context);
		Changes changes = new Changes();
		tasks.forOwner("alice").changes().subscribe(changes);
		changes.awaitReset();
		tasks.submit(chat("Of another owner"));
		String id = tasks.submit(chat("Write a story").owner("alice"));
		await(tasks, id, AkiTaskState.COMPLETED);
		assertThat(changes.awaitState(id, AkiTaskState.COMPLETED)).as("only of the owner")
			.extracting(AkiTaskChange::id)
			.containsOnly(id);
		List<AkiTaskState> states = context.getBean(Application.class).events.stream()
			.filter((event) -> event.task().id().equals(id))
			.map((event) -> event.task().state())
			.toList();
		assertThat(states).startsWith(AkiTaskState.PENDING).endsWith(AkiTaskState.COMPLETED).doesNotHaveDuplicates();
		tasks.delete(id);
		assertThat(changes.awaitState(id, (AkiTaskState) null)).last().isEqualTo(new AkiTaskChange(id, null));
	}

	@Test
	void publishesTheChangesOfOtherInstances() throws Exception {
		AkiTasks executing = tasks(start());
		ConfigurableApplicationContext context = start("aki.io.tasks.execute=false");
		AkiTasks watching = tasks(context);
		Changes changes = new Changes();
		watching.changes().subscribe(changes);
		changes.awaitReset();
		String first = watching.submit(chat("HANG"));
		changes.awaitState(first, AkiTaskState.QUEUED, AkiTaskState.RUNNING);
		String id = executing.submit(chat("Write a story"));
		changes.awaitState(id, AkiTaskState.COMPLETED);
		changes.cancel();
		executing.cancel(first);
		await(executing, first, AkiTaskState.CANCELED);
		context.close();
		assertThat(changes.completed.getCount()).as("a canceled subscription gets no signal").isOne();
	}

	@Test
	void subscribersAreCompletedWhenTheApplicationStops() throws Exception {
		ConfigurableApplicationContext context = start();
		Changes changes = new Changes();
		tasks(context).changes().subscribe(changes);
		context.close();
		assertThat(changes.completed.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void listenerUsesTheTasks() {
		// a pool that commits nothing by itself
		ConfigurableApplicationContext context = start("spring.datasource.hikari.auto-commit=false");
		AkiTasks tasks = tasks(context);
		tasks.submit(chat("First").metadata(Map.of(Application.CHAIN, "9")));
		Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
			Map<AkiTaskState, Long> counts = tasks.counts();
			// the chain, and the other task of each of its links
			assertThat(counts.get(AkiTaskState.COMPLETED) + counts.get(AkiTaskState.CANCELED)).isEqualTo(10 + 9 + 9);
			assertThat(context.getBean(Application.class).events)
				.filteredOn((event) -> event.task().state() == AkiTaskState.COMPLETED)
				.hasSize(counts.get(AkiTaskState.COMPLETED).intValue());
		});
		assertThat(tasks.find(AkiTaskQuery.all().owner("nobody")).tasks()).isEmpty();
	}

	@Test
	void poolWithoutAutoCommit() {
		AkiTasks tasks = tasks(start("spring.datasource.hikari.auto-commit=false", "aki.io.tasks.heartbeat=100ms"));
		String running = tasks.submit(chat("HANG"));
		String completed = tasks.submit(chat("Write a joke"));
		await(tasks, completed, AkiTaskState.COMPLETED);
		// for some leases
		Awaitility.await()
			.pollDelay(Duration.ofSeconds(2))
			.atMost(LIMIT)
			.until(() -> tasks.find(running).orElseThrow().jobId() != null);
		assertThat(tasks.find(running).orElseThrow().attempt()).isOne();
		tasks.cancel(running);
		await(tasks, running, AkiTaskState.CANCELED);
		assertThat(tasks.delete(running)).isTrue();
		assertThat(tasks.find(running)).isEmpty();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void taskWaitsWhileTheServerIsNotReachable(CapturedOutput output) {
		AkiTasks tasks = tasks(start("aki.io.retry.max-attempts=1"));
		this.emulator.refuseConnections(true);
		String id = tasks.submit(chat("Write a joke"));
		Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
			AkiTask task = tasks.find(id).orElseThrow();
			assertThat(task.attempt()).isPositive();
			assertThat(task.state()).isEqualTo(AkiTaskState.PENDING);
		});
		assertThat(output).contains("yet, trying again: ").contains("The server cannot be reached");
		this.emulator.refuseConnections(false);
		assertThat(await(tasks, id, AkiTaskState.COMPLETED).attempt()).isGreaterThan(1);
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void taskWaitsWhileTheServerRefusesIt() {
		this.emulator.faults().add(AkiEmulatorFault.status(429).onPhase(AkiEmulatorFault.Phase.START).times(2));
		AkiTasks tasks = tasks(start("aki.io.retry.max-attempts=1"));
		AkiTask task = await(tasks, tasks.submit(chat("Write a joke")), AkiTaskState.COMPLETED);
		assertThat(task.attempt()).isEqualTo(3);
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void taskWaitsWhileAGuardRefusesIt() {
		ConfigurableApplicationContext context = start();
		Application application = context.getBean(Application.class);
		application.refusals.add(new AkiRequestRefusedException(CHAT, "busy", Duration.ofMillis(1)));
		AkiTasks tasks = tasks(context);
		String id = tasks.submit(chat("Write a joke"));
		AkiTask task = await(tasks, id, AkiTaskState.COMPLETED);
		assertThat(task.error()).isNull();
		assertThat(task.attempt()).as("a refused start is no attempt").isOne();
		assertThat(states(application, id)).as("a refused start is not an event")
			.startsWith(AkiTaskState.PENDING, AkiTaskState.QUEUED)
			.endsWith(AkiTaskState.COMPLETED)
			.doesNotHaveDuplicates();
		assertThat(application.requests).hasSize(2);
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void taskFailsIfAGuardRefusesItForGood() {
		ConfigurableApplicationContext context = start();
		Application application = context.getBean(Application.class);
		application.refusals
			.add(new AkiRequestRefusedException(CHAT, "No budget left", null, "The limit is 'shop.budget'"));
		AkiTasks tasks = tasks(context);
		AkiTask task = await(tasks, tasks.submit(chat("Write a joke")), AkiTaskState.FAILED);
		assertThat(task.error()).isEqualTo("No budget left");
		assertThat(task.jobId()).isNull();
		Awaitility.await()
			.atMost(LIMIT)
			.untilAsserted(() -> assertThat(states(application, task.id())).containsExactly(AkiTaskState.PENDING,
					AkiTaskState.FAILED));
		assertThat(context.getBean(TaskComponents.class).counters().startedCount()).isZero();
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Test
	void veryLongDelayOfAGuardIsOneDay() {
		ConfigurableApplicationContext context = start();
		context.getBean(Application.class).refusals
			.add(new AkiRequestRefusedException(CHAT, "busy", Duration.ofSeconds(Long.MAX_VALUE)));
		AkiTasks tasks = tasks(context);
		String id = tasks.submit(chat("Write a joke"));
		JdbcClient jdbc = context.getBean(JdbcClient.class);
		Awaitility.await().atMost(LIMIT).until(() -> jdbc.sql("""
				select count(*) from aki_task_queue where task_name = 'aki-task'
					and execution_time between current_timestamp + interval '23' hour
						and current_timestamp + interval '25' hour""").query(Long.class).single() == 1);
		assertThat(tasks.find(id)).get().extracting(AkiTask::state).isEqualTo(AkiTaskState.PENDING);
	}

	@Test
	void startIsRepeatedIfAGuardFails() {
		ConfigurableApplicationContext context = start();
		Application application = context.getBean(Application.class);
		application.refusals.add(new UnsupportedOperationException("A database of the guard does not answer"));
		AkiTasks tasks = tasks(context);
		AkiTask task = await(tasks, tasks.submit(chat("Write a joke")), AkiTaskState.COMPLETED);
		assertThat(task.attempt()).isOne();
		assertThat(application.requests).hasSize(2);
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void taskFailsIfAGuardThrowsAnIllegalArgumentException() {
		ConfigurableApplicationContext context = start();
		context.getBean(Application.class).refusals.add(new IllegalArgumentException("Too many tokens"));
		AkiTasks tasks = tasks(context);
		AkiTask task = await(tasks, tasks.submit(chat("Write a joke")), AkiTaskState.FAILED);
		assertThat(task.error()).isEqualTo("Too many tokens");
		assertThat(this.emulator.requests()).isEmpty();
	}

	@Test
	void guardSeesTheOwnerOfTheTask() {
		ConfigurableApplicationContext context = start();
		AkiTasks tasks = tasks(context);
		await(tasks, tasks.forOwner("alice").submit(chat("Of Alice")), AkiTaskState.COMPLETED);
		await(tasks, tasks.submit(chat("Of nobody")), AkiTaskState.COMPLETED);
		assertThat(context.getBean(Application.class).requests)
			.extracting((request) -> (request.principal() != null) ? request.principal().getName() : null)
			.containsExactly("alice", null);
	}

	@Test
	void refusedOwnerDelaysNoOther() {
		ConfigurableApplicationContext context = start();
		Application application = context.getBean(Application.class);
		application.refusedUsers.add("alice");
		AkiTasks tasks = tasks(context);
		List<String> refused = IntStream.range(0, 10)
			.mapToObj((number) -> tasks.forOwner("alice").submit(chat("Task " + number)))
			.toList();
		Awaitility.await().atMost(LIMIT).until(() -> !application.requests.isEmpty());
		String id = tasks.forOwner("bob").submit(chat("Write a joke"));
		await(tasks, id, AkiTaskState.COMPLETED);
		refused.forEach((other) -> assertThat(tasks.find(other)).get()
			.extracting(AkiTask::state, AkiTask::attempt)
			.containsExactly(AkiTaskState.PENDING, 0));
	}

	@Test
	void waitingTasksOfARefusedEndpointDoNotAskTheGuards() {
		int count = 20;
		ConfigurableApplicationContext context = start("aki.io.limits[z_image_turbo].max-jobs=1");
		Application application = context.getBean(Application.class);
		AkiTasks tasks = tasks(context);
		String running = tasks.submit(image("HANG"));
		await(tasks, running, AkiTaskState.RUNNING);
		application.requests.clear();
		long startedAt = System.nanoTime();
		List<String> waiting = IntStream.range(0, count)
			.mapToObj((number) -> tasks.submit(image("A " + number)))
			.toList();
		await(tasks, tasks.submit(chat("Another endpoint")), AkiTaskState.COMPLETED);
		// each step changes the version of its row twice
		JdbcClient jdbc = context.getBean(JdbcClient.class);
		Awaitility.await().atMost(LIMIT).until(() -> jdbc.sql("""
				select count(*) from aki_task_queue join aki_task on task_instance like id || '%'
				where state = 'pending' and version >= 5""").query(Long.class).single() >= count);
		long asked = application.requests.stream().filter((request) -> request.endpoint().equals(IMAGE)).count();
		long delays = (System.nanoTime() - startedAt) / RefusedStarts.DELAY_MAX.toNanos();
		// the threads of the queue may ask at the same time before the first refusal
		assertThat(asked).isBetween(1L, 4 + delays);
		waiting.forEach((id) -> {
			assertThat(tasks.find(id)).get()
				.extracting(AkiTask::state, AkiTask::attempt, AkiTask::startedAt)
				.containsExactly(AkiTaskState.PENDING, 0, null);
			assertThat(states(application, id)).containsExactly(AkiTaskState.PENDING);
		});
		assertThat(context.getBean(TaskComponents.class).counters().startedCount()).isEqualTo(2);
		tasks.cancel(running);
		waiting.forEach((id) -> assertThat(await(tasks, id, AkiTaskState.COMPLETED).attempt()).isOne());
		assertThat(context.getBean(TaskComponents.class).counters().startedCount()).isEqualTo(2 + count);
		assertThat(this.emulator.jobs()).hasSize(2 + count);
	}

	private static List<AkiTaskState> states(Application application, String id) {
		return application.events.stream()
			.map(AkiTaskEvent::task)
			.filter((task) -> task.id().equals(id))
			.map(AkiTask::state)
			.toList();
	}

	@Test
	void tasksWaitForAPlaceWithinALimit() {
		ConfigurableApplicationContext context = start("aki.io.limits[llama3_8b_chat].max-jobs=1");
		AkiTasks tasks = tasks(context);
		String running = tasks.submit(chat("HANG"));
		await(tasks, running, AkiTaskState.RUNNING);
		String waiting = tasks.submit(chat("Write a joke"));
		Awaitility.await().atMost(LIMIT).until(() -> context.getBean(Application.class).requests.size() == 2);
		assertThat(tasks.find(waiting)).get().extracting(AkiTask::state).isEqualTo(AkiTaskState.PENDING);
		assertThat(this.emulator.jobs()).hasSize(1);
		tasks.cancel(running);
		await(tasks, waiting, AkiTaskState.COMPLETED);
		assertThat(this.emulator.jobs()).hasSize(2);
	}

	@Test
	void cancelsATaskThatTheServerRefuses() {
		this.emulator.faults().add(AkiEmulatorFault.status(429).onPhase(AkiEmulatorFault.Phase.START).always());
		AkiTasks tasks = tasks(start("aki.io.retry.max-attempts=1"));
		String id = tasks.submit(chat("Write a joke"));
		Awaitility.await().atMost(LIMIT).until(() -> tasks.find(id).orElseThrow().attempt() > 0);
		assertThat(tasks.cancel(id)).isTrue();
		await(tasks, id, AkiTaskState.CANCELED);
		assertThat(this.emulator.jobs()).isEmpty();
	}

	@Test
	void jobThatCouldNotBeStartedIsPendingAfterAStop() {
		this.emulator.refuseConnections(true);
		ConfigurableApplicationContext first = start("aki.io.retry.max-attempts=100");
		AkiTasks observing = tasks(start("aki.io.tasks.execute=false"));
		String id = tasks(first).submit(chat("Write a joke"));
		Awaitility.await().atMost(LIMIT).until(() -> observing.find(id).orElseThrow().attempt() == 1);
		first.close();
		assertThat(observing.find(id)).get().extracting(AkiTask::state).isEqualTo(AkiTaskState.PENDING);
		this.emulator.refuseConnections(false);
		await(tasks(start()), id, AkiTaskState.COMPLETED);
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void callerCanCommitAfterARefusedTask() {
		ConfigurableApplicationContext context = start("aki.io.tasks.execute=false", "aki.io.tasks.max-unfinished=1");
		AkiTasks tasks = tasks(context);
		String id = new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).execute((status) -> {
			String first = tasks.submit(chat("First"));
			assertThatExceptionOfType(AkiTaskLimitException.class).isThrownBy(() -> tasks.submit(chat("Second")));
			return first;
		});
		assertThat(tasks.find(id)).isPresent();
	}

	@Test
	void metadataThatIsTooLongIsRefused() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false"));
		Map<String, String> metadata = new HashMap<>(Map.of("key", "x".repeat(4000)));
		assertThatIllegalArgumentException().isThrownBy(() -> tasks.submit(chat("A").metadata(metadata)))
			.withMessageContaining("4000");
		assertThatIllegalArgumentException().isThrownBy(() -> chat("A").owner(" "));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> tasks.submit(AkiTaskRequest.of(CHAT, Map.of("key", new Object()))))
			.withMessageContaining("'key'");
	}

	@Test
	void charactersOfAllKindsAreStored() {
		AkiTasks tasks = tasks(start());
		String id = tasks.submit(chat("Zürich, 東京 🚀 \u0000").owner("Zoë 'x' \"y\" \n 🚀"));
		assertThat(await(tasks, id, AkiTaskState.COMPLETED).owner()).isEqualTo("Zoë 'x' \"y\" \n 🚀");
		assertThat(this.emulator.lastCall().params().toString()).contains("東京 🚀");
	}

	@Test
	void tasksOfAStoppedInstanceContinueOnAnother() {
		ConfigurableApplicationContext first = start("aki.io.tasks.heartbeat=1m");
		AkiTasks tasks = tasks(first);
		AkiEmulator emulator = this.emulator;
		String id = tasks.submit(chat("HANG"));
		Awaitility.await().atMost(LIMIT).until(() -> tasks.find(id).orElseThrow().jobId() != null);
		first.close();
		assertThat(emulator.jobs()).extracting(AkiEmulatorJob::cancelRequests).containsExactly(0);
		AkiTasks second = tasks(start("aki.io.tasks.heartbeat=1m"));
		Awaitility.await().atMost(LIMIT).until(() -> second.find(id).orElseThrow().attempt() == 2);
		second.cancel(id);
		await(second, id, AkiTaskState.CANCELED);
		assertThat(emulator.jobs()).hasSize(1);
	}

	@Test
	void taskOfAnInstanceThatEndedBeforeItKnewTheJobFailsAndIsNotStartedAgain() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false"));
		String id = tasks.submit(chat("Write a joke"));
		claimedByADeadInstance(id);
		AkiTasks executing = tasks(start("aki.io.tasks.heartbeat=200ms"));
		AkiTask task = await(executing, id, AkiTaskState.FAILED);
		assertThat(task.error()).contains("may have been executed and paid for");
		assertThat(this.emulator.jobs()).isEmpty();
		executing.retry(id);
		await(executing, id, AkiTaskState.COMPLETED);
		assertThat(this.emulator.jobs()).hasSize(1);
	}

	@Test
	void taskOfAnInstanceThatEndedBeforeItKnewTheJobIsStartedAgainIfConfigured() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false"));
		String id = tasks.submit(chat("Write a joke"));
		claimedByADeadInstance(id);
		await(tasks(start("aki.io.tasks.heartbeat=200ms", "aki.io.tasks.retry-unknown=true")), id,
				AkiTaskState.COMPLETED);
	}

	private void claimedByADeadInstance(String id) {
		JdbcClient jdbc = this.contexts.get(0).getBean(JdbcClient.class);
		jdbc.sql("update aki_task set state = 'queued', attempt = 1, instance = 'dead' where id = ?")
			.param(id)
			.update();
	}

	@Test
	void endedTasksAreDeletedAfterTheirRetention() {
		AkiTasks tasks = tasks(start("aki.io.tasks.execute=false"));
		String old = tasks.submit(chat("Old"));
		String recent = tasks.submit(chat("Recent"));
		String pending = tasks.submit(chat("Pending"));
		tasks.cancel(old);
		tasks.cancel(recent);
		JdbcClient jdbc = this.contexts.get(0).getBean(JdbcClient.class);
		jdbc.sql("update aki_task set ended_at = ended_at - interval '8' day where id = ?").param(old).update();
		start("aki.io.tasks.retention.canceled=7d");
		Awaitility.await().atMost(LIMIT).until(() -> tasks.find(old).isEmpty());
		assertThat(tasks.find(recent)).isPresent();
		await(tasks, pending, AkiTaskState.COMPLETED);
	}

	static final class Changes implements Flow.Subscriber<AkiTaskChange> {

		final CountDownLatch completed = new CountDownLatch(1);

		private final BlockingQueue<AkiTaskChange> received = new LinkedBlockingQueue<>();

		private Flow.Subscription subscription;

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			subscription.request(1);
		}

		@Override
		public void onNext(AkiTaskChange change) {
			this.received.add(change);
			this.subscription.request(1);
		}

		@Override
		public void onError(Throwable throwable) {
		}

		@Override
		public void onComplete() {
			this.completed.countDown();
		}

		void cancel() {
			this.subscription.cancel();
		}

		void awaitReset() throws InterruptedException {
			assertThat(this.received.poll(20, TimeUnit.SECONDS)).isEqualTo(AkiTaskChange.RESET);
		}

		List<AkiTaskChange> awaitState(String id, AkiTaskState... states) throws InterruptedException {
			List<AkiTaskState> expected = Arrays.asList(states);
			List<AkiTaskChange> seen = new ArrayList<>();
			while (true) {
				AkiTaskChange change = this.received.poll(20, TimeUnit.SECONDS);
				assertThat(change).as("after " + seen).isNotNull();
				seen.add(change);
				if (change.id().equals(id) && expected.stream().anyMatch((state) -> state == change.state())) {
					return seen;
				}
			}
		}

	}

}
