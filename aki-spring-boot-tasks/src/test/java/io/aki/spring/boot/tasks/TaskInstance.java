package io.aki.spring.boot.tasks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An instance of an application that executes tasks, in a process of its own. A test
 * gives it tasks through the database.
 */
final class TaskInstance implements AutoCloseable {

	private static final String READY = "READY";

	private static final String STATISTICS = "STATISTICS ";

	private final Process process;

	private final List<String> output = new ArrayList<>();

	private TaskInstance(Process process) {
		this.process = process;
	}

	/**
	 * Start an instance.
	 * @param wrapper a command that executes the process, such as {@code faketime}
	 */
	static TaskInstance start(List<String> wrapper, String... properties) throws IOException {
		List<String> command = new ArrayList<>(wrapper);
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp",
				System.getProperty("java.class.path"), Main.class.getName()));
		Stream.of(properties).map((property) -> "--" + property).forEach(command::add);
		TaskInstance instance = new TaskInstance(new ProcessBuilder(command).redirectErrorStream(true).start());
		Thread reader = new Thread(instance::read, "output of " + instance.process.pid());
		reader.setDaemon(true);
		reader.start();
		return instance;
	}

	private void read() {
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				System.out.println("[" + this.process.pid() + "] " + line);
				synchronized (this) {
					this.output.add(line);
					notifyAll();
				}
			}
		}
		catch (IOException ex) {
			// the process has ended
		}
	}

	TaskInstance awaitReady() throws InterruptedException {
		awaitOutput(READY);
		return this;
	}

	synchronized String awaitOutput(String start) throws InterruptedException {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
		while (true) {
			String found = this.output.stream().filter((line) -> line.startsWith(start)).findFirst().orElse(null);
			if (found != null) {
				return found;
			}
			assertThat(this.process.isAlive() && System.nanoTime() < until)
				.as(() -> "no '" + start + "' in\n" + String.join("\n", this.output))
				.isTrue();
			wait(200);
		}
	}

	void awaitOutputContaining(String text) {
		Awaitility.await(text).atMost(Duration.ofSeconds(60)).until(() -> count(text) > 0);
	}

	synchronized long count(String text) {
		return this.output.stream().filter((line) -> line.contains(text)).count();
	}

	/**
	 * Return the number of threads, the used heap in MB and the number of writes to the
	 * database.
	 */
	long[] statistics() throws Exception {
		synchronized (this) {
			this.output.removeIf((line) -> line.startsWith(STATISTICS));
		}
		OutputStream input = this.process.getOutputStream();
		input.write('\n');
		input.flush();
		return Stream.of(awaitOutput(STATISTICS).substring(STATISTICS.length()).split(" "))
			.mapToLong(Long::parseLong)
			.toArray();
	}

	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		assertThat(this.process.waitFor()).isEqualTo(128 + 9);
	}

	/**
	 * Stop the process as an operator does: SIGTERM.
	 */
	void stop() throws Exception {
		// Process.destroy() would close the output too
		signal("TERM");
		this.process.waitFor();
	}

	void signal(String name) throws Exception {
		PostgresServer.run(List.of("kill", "-" + name, String.valueOf(this.process.pid())));
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * The application of the process. It prints statistics when it reads a line.
	 */
	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	static class Main {

		public static void main(String[] args) throws IOException {
			ConfigurableApplicationContext context = new SpringApplicationBuilder(Main.class)
				.web(WebApplicationType.NONE)
				.run(args);
			System.out.println(READY);
			TaskCounters counters = context.getBean(TaskComponents.class).counters();
			MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
			while (System.in.read() >= 0) {
				long threads = ManagementFactory.getThreadMXBean().getThreadCount();
				System.out.println(Thread.getAllStackTraces()
					.keySet()
					.stream()
					.collect(Collectors.groupingBy((thread) -> thread.getName().replaceAll("[0-9]+", ""),
							Collectors.counting())));
				memory.gc();
				System.out.println(STATISTICS + threads + " " + memory.getHeapMemoryUsage().getUsed() / 1_000_000 + " "
						+ counters.writeCount());
			}
		}

	}

}
