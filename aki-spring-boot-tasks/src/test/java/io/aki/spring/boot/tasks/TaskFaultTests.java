package io.aki.spring.boot.tasks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.aki.client.AkiParameters;
import io.aki.spring.boot.test.AkiEmulator;
import io.aki.spring.boot.test.AkiEmulatorClock;
import io.aki.spring.boot.test.AkiEmulatorJob;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Provokes faults with real processes and a real PostgreSQL server, and counts in the
 * emulator what was started and handed out. The instances have a lease of 4 s. With
 * {@code -Daki.tasks.fault-duration=300} the outages last 300 s.
 */
@Tag("process")
@Timeout(900)
class TaskFaultTests {

	private static final String CHAT = "llama3_8b_chat";

	private static final String IMAGE = "z_image_turbo";

	private static final Duration LEASE = Duration.ofSeconds(4);

	private static final Duration OUTAGE = Duration.ofSeconds(Long.getLong("aki.tasks.fault-duration", 8));

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private final List<AutoCloseable> started = new ArrayList<>();

	private final AkiEmulatorClock clock = AkiEmulatorClock.create();

	private AkiEmulator emulator;

	private PostgresServer server;

	private ConfigurableApplicationContext context;

	private AkiTasks tasks;

	@TempDir
	Path directory;

	private void prepare(AkiEmulator.Builder emulator) throws Exception {
		prepare(emulator, PostgresServer.create());
	}

	private void prepare(AkiEmulator.Builder emulator, PostgresServer server) {
		this.server = server;
		this.started.add(server);
		this.emulator = emulator.workers(CHAT, 500).workers(IMAGE, 500).build();
		this.started.add(this.emulator);
		this.context = new SpringApplicationBuilder(TaskInstance.Main.class).web(WebApplicationType.NONE)
			.run(Stream
				.concat(Stream.of(server.properties()),
						Stream.of("aki.io.api-server=" + this.emulator.apiServer(),
								"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.tasks.execute=false",
								"spring.datasource.hikari.connection-timeout=2000"))
				.map((property) -> "--" + property)
				.toArray(String[]::new));
		this.started.add(this.context);
		this.tasks = this.context.getBean(AkiTasks.class);
	}

	private TaskInstance instance(String... more) throws IOException {
		return instance(List.of(), more);
	}

	private TaskInstance instance(List<String> wrapper, String... more) throws IOException {
		String[] properties = Stream
			.of(this.server.properties(),
					new String[] { "aki.io.api-server=" + this.emulator.apiServer(),
							"aki.io.api-key=" + this.emulator.apiKey(), "aki.io.tasks.heartbeat=1s",
							"aki.io.tasks.report-interval=200ms", "aki.io.tasks.shutdown-timeout=3s",
							"spring.datasource.hikari.connection-timeout=2000" },
					more)
			.flatMap(Stream::of)
			.toArray(String[]::new);
		TaskInstance instance = TaskInstance.start(wrapper, properties);
		this.started.add(instance);
		return instance;
	}

	@AfterEach
	void stop() throws Exception {
		for (int i = this.started.size() - 1; i >= 0; i--) {
			this.started.get(i).close();
		}
	}

	@Test
	void killedInstances() throws Exception {
		prepare(AkiEmulator.builder().pace(0.4));
		List<TaskInstance> instances = new ArrayList<>(List.of(instance().awaitReady(), instance().awaitReady()));
		List<String> ids = submitChats(200);
		for (int i = 0; i < 5; i++) {
			awaitJobs(ids);
			instances.remove(0).kill();
			instances.add(instance().awaitReady());
		}
		awaitEnd();
		List<AkiTask> all = ids.stream().map((id) -> this.tasks.find(id).orElseThrow()).toList();
		List<AkiTask> failed = all.stream().filter((task) -> task.state() != AkiTaskState.COMPLETED).toList();
		print("kill -9 of one of two instances, 5 times, 200 tasks",
				"tasks by attempts " + attempts() + ", jobs started " + this.emulator.jobs().size() + ", completed "
						+ (200 - failed.size()) + ", failed with an explanation "
						+ failed.stream()
							.map((task) -> String.valueOf(task.error()))
							.collect(Collectors.groupingBy((error) -> error.substring(0, Math.min(60, error.length())),
									Collectors.counting())));
		assertThat(failed).allSatisfy((task) -> assertThat(task.error()).containsAnyOf("paid for", "result is lost",
				"its result was fetched"));
		assertThat(this.emulator.jobs()).hasSizeLessThanOrEqualTo(200);
		assertThat(attempts().keySet()).as("tasks were resumed").anyMatch((attempt) -> attempt > 1);
		assertThat(all).filteredOn((task) -> task.state() == AkiTaskState.COMPLETED)
			.allSatisfy((task) -> assertThat(this.tasks.result(task.id())).isPresent());
	}

	@Test
	void stalledInstanceChangesNothing() throws Exception {
		prepare(AkiEmulator.builder().clock(this.clock));
		TaskInstance first = instance().awaitReady();
		List<String> ids = submitChats(20);
		awaitJobs(ids);
		TaskInstance second = instance().awaitReady();
		first.signal("STOP");
		Awaitility.await()
			.atMost(LIMIT)
			.until(() -> ids.stream().allMatch((id) -> this.tasks.find(id).orElseThrow().attempt() == 2));
		advanceUntilEnd();
		List<AkiTask> before = ids.stream().map((id) -> this.tasks.find(id).orElseThrow()).toList();
		Thread.sleep(OUTAGE.toMillis());
		first.signal("CONT");
		Awaitility.await()
			.atMost(LIMIT)
			.until(() -> first.count("Another instance has claimed")
					+ first.count("the task was claimed by another instance") >= 20);
		assertThat(ids.stream().map((id) -> this.tasks.find(id).orElseThrow()).toList()).isEqualTo(before);
		assertThat(before).allMatch((task) -> task.state() == AkiTaskState.COMPLETED);
		assertEachJobOnce(20);
		print("SIGSTOP and SIGCONT, 20 tasks", "completed 20, changed by the stalled instance 0");
		assertThat(second.count("Another instance has claimed")).isZero();
	}

	@Test
	void resultsWaitForAStoppedDatabase() throws Exception {
		prepare(AkiEmulator.builder().clock(this.clock));
		instance().awaitReady();
		instance().awaitReady();
		List<String> ids = submitChats(60);
		awaitJobs(ids);
		this.server.stop();
		advanceUntilHandedOut(60);
		Thread.sleep(OUTAGE.toMillis());
		this.server.start();
		awaitEnd();
		assertCompleted(ids);
		assertEachJobOnce(60);
		print("database stopped for " + OUTAGE.toSeconds() + " s with 60 results due", "stored 60, lost 0");
	}

	@Test
	void crashOfTheDatabase() throws Exception {
		prepare(AkiEmulator.builder().clock(this.clock));
		instance().awaitReady();
		instance().awaitReady();
		List<String> ids = submitChats(60);
		awaitJobs(ids);
		for (int i = 0; i < 3; i++) {
			this.clock.advance(Duration.ofSeconds(1));
			this.server.crash();
			this.server.start();
		}
		advanceUntilHandedOut(60);
		awaitEnd();
		assertCompleted(ids);
		assertEachJobOnce(60);
		print("crash and restart of the database, 3 times, 60 tasks", "stored 60, lost 0");
	}

	@Test
	void resultsAreSpooledIfTheInstanceStopsWithoutADatabase() throws Exception {
		prepare(AkiEmulator.builder().clock(this.clock));
		TaskInstance first = instance("aki.io.tasks.spool=" + this.directory).awaitReady();
		List<String> ids = submitChats(10);
		ids.addAll(submitImages(10));
		awaitJobs(ids);
		this.server.stop();
		advanceUntilHandedOut(20);
		first.stop();
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).hasSize(20);
		}
		this.server.start();
		instance("aki.io.tasks.spool=" + this.directory).awaitReady();
		awaitEnd();
		assertCompleted(ids);
		assertEachJobOnce(20);
		assertThat(this.tasks.result(ids.get(19)).orElseThrow().binaries()).hasSize(1);
		assertThat(this.directory).isEmptyDirectory();
		print("SIGTERM while the database is stopped, 20 results due", "stored at the next start 20, lost 0");
	}

	@Test
	void lossWithoutASpoolIsLogged() throws Exception {
		prepare(AkiEmulator.builder().clock(this.clock));
		TaskInstance first = instance().awaitReady();
		List<String> ids = submitChats(1);
		awaitJobs(ids);
		this.server.stop();
		advanceUntilHandedOut(1);
		first.stop();
		first.awaitOutputContaining("The result of task " + ids.get(0));
		assertThat(first.count("is lost")).isOne();
		this.server.start();
		instance().awaitReady();
		awaitEnd();
		AkiTask task = this.tasks.find(ids.get(0)).orElseThrow();
		assertThat(task.state()).isEqualTo(AkiTaskState.FAILED);
		assertThat(task.error()).containsAnyOf("its result was fetched", "its result is lost");
	}

	@Test
	void clocksThatDiffer() throws Exception {
		Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/faketime")), "faketime is not installed");
		prepare(AkiEmulator.builder().clock(this.clock));
		TaskInstance late = instance(fakeTime("-10m"));
		TaskInstance early = instance(fakeTime("+10m"));
		late.awaitReady();
		early.awaitReady();
		List<String> ids = submitChats(40);
		awaitJobs(ids);
		// several leases
		Thread.sleep(LEASE.multipliedBy(3).toMillis());
		advanceUntilEnd();
		assertCompleted(ids);
		assertEachJobOnce(40);
		assertThat(attempts()).as("no instance has claimed a task of the other").containsOnlyKeys(1);
		assertThat(late.count("Another instance has claimed") + early.count("Another instance has claimed")).isZero();
		print("clocks of two instances differ by 20 min, 40 tasks", "completed 40, claimed by the other 0");
	}

	private static List<String> fakeTime(String offset) {
		return List.of("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", offset);
	}

	@Test
	void fullDisk() throws Exception {
		// the user of the server must be able to enter it
		Path disk = Files.createTempDirectory("aki-disk");
		this.started.add(() -> Files.delete(disk));
		Assumptions.assumeTrue(mount(disk), "a file system cannot be mounted here");
		this.started.add(() -> PostgresServer.run(List.of("umount", disk.toString())));
		Path data = Files.createDirectory(disk.resolve("postgres"));
		prepare(AkiEmulator.builder().clock(this.clock), PostgresServer.create(data));
		TaskInstance instance = instance().awaitReady();
		List<String> ids = submitImages(30);
		awaitJobs(ids);
		Path filler = disk.resolve("filler");
		fill(filler);
		advanceUntilHandedOut(30);
		Awaitility.await().atMost(LIMIT).until(() -> instance.count("could not be stored, trying again") > 0);
		Files.delete(filler);
		this.server.restartIfEnded();
		awaitEnd();
		assertCompleted(ids);
		assertEachJobOnce(30);
		print("disk of the database full, 30 images due", "stored 30, lost 0");
	}

	private static boolean mount(Path directory) {
		try {
			PostgresServer.run(List.of("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", directory.toString()));
			return true;
		}
		catch (Exception ex) {
			return false;
		}
	}

	private static void fill(Path file) throws IOException {
		byte[] block = new byte[64 * 1024];
		try (OutputStream output = Files.newOutputStream(file)) {
			while (true) {
				output.write(block);
			}
		}
		catch (IOException ex) {
			assertThat(ex).hasMessageContaining("No space left");
		}
	}

	private List<String> submitChats(int count) {
		return IntStream.range(0, count)
			.mapToObj((number) -> this.tasks
				.submit(AkiTaskRequest.of(CHAT, AkiParameters.chat().user("Write story " + number))))
			.collect(Collectors.toCollection(ArrayList::new));
	}

	private List<String> submitImages(int count) {
		return IntStream.range(0, count)
			.mapToObj((number) -> this.tasks
				.submit(AkiTaskRequest.of(IMAGE, AkiParameters.image("A lighthouse " + number).width(512).height(512))))
			.toList();
	}

	private void awaitJobs(List<String> ids) {
		Awaitility.await()
			.atMost(LIMIT)
			.until(() -> ids.stream().allMatch((id) -> this.tasks.find(id).orElseThrow().jobId() != null));
	}

	private void advanceUntilHandedOut(int count) {
		Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
			this.clock.advance(Duration.ofSeconds(2));
			return this.emulator.jobs().stream().filter((job) -> job.handedOut() == 1).count() == count;
		});
	}

	private void advanceUntilEnd() {
		Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
			this.clock.advance(Duration.ofSeconds(2));
			return hasEnded();
		});
	}

	private void awaitEnd() {
		Awaitility.await().atMost(LIMIT).ignoreExceptions().until(this::hasEnded);
	}

	private boolean hasEnded() {
		return this.tasks.counts()
			.entrySet()
			.stream()
			.allMatch((count) -> count.getKey().isFinal() || count.getValue() == 0);
	}

	private void assertCompleted(List<String> ids) {
		assertThat(ids).allSatisfy((id) -> {
			assertThat(this.tasks.find(id)).get().extracting(AkiTask::state).isEqualTo(AkiTaskState.COMPLETED);
			assertThat(this.tasks.result(id)).isPresent();
		});
	}

	private void assertEachJobOnce(int count) {
		assertThat(this.emulator.jobs()).hasSize(count).allSatisfy((job) -> {
			assertThat(job.handedOut()).isOne();
			assertThat(job.cancelRequests()).isZero();
		});
		assertThat(this.emulator.jobs()).extracting(AkiEmulatorJob::id).doesNotHaveDuplicates();
	}

	private Map<Integer, Long> attempts() {
		return this.context.getBean(JdbcClient.class)
			.sql("select attempt from aki_task")
			.query(Integer.class)
			.list()
			.stream()
			.collect(Collectors.groupingBy((attempt) -> attempt, Collectors.counting()));
	}

	private static void print(String fault, String figures) {
		System.out.println("FIGURES " + fault + ": " + figures);
	}

}
