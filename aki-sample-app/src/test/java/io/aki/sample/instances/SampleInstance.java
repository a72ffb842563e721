package io.aki.sample.instances;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.aki.sample.SampleApplication;
import io.aki.sample.TaskApi;
import io.aki.spring.boot.test.AkiEmulator;

import org.springframework.boot.SpringApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the sample in a separate process.
 */
final class SampleInstance implements AutoCloseable {

	private static final String PORT = "PORT=";

	private static final String HEARTBEAT = "aki.io.tasks.heartbeat=";

	private final Process process;

	private final List<String> output = new ArrayList<>();

	private int port;

	private SampleInstance(Process process) {
		this.process = process;
	}

	/**
	 * Start an instance. Use {@link #tasks()} to wait until the instance is ready.
	 */
	static SampleInstance start(AkiEmulator emulator, String... properties) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
						"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp",
						System.getProperty("java.class.path"), Main.class.getName(), "--server.port=0",
						"--aki.io.api-server=" + emulator.apiServer(), "--aki.io.api-key=" + emulator.apiKey(),
						"--aki.io.tasks.report-interval=100ms"));
		Stream.of(properties).map((property) -> "--" + property).forEach(command::add);
		if (Stream.of(properties).noneMatch((property) -> property.startsWith(HEARTBEAT))) {
			command.add("--" + HEARTBEAT + "1s");
		}
		SampleInstance instance = new SampleInstance(new ProcessBuilder(command).redirectErrorStream(true).start());
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
					if (line.startsWith(PORT)) {
						this.port = Integer.parseInt(line.substring(PORT.length()));
					}
					notifyAll();
				}
			}
		}
		catch (IOException ex) {
			// the process has ended
		}
	}

	synchronized int port() throws InterruptedException {
		long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
		while (this.port == 0 && this.process.isAlive() && System.nanoTime() < until) {
			wait(200);
		}
		assertThat(this.port).as(String.join("\n", this.output)).isPositive();
		return this.port;
	}

	TaskApi tasks() throws InterruptedException {
		return new TaskApi(port());
	}

	/**
	 * Kill the process without a shutdown: SIGKILL.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly();
		assertThat(this.process.waitFor()).isEqualTo(128 + 9);
	}

	/**
	 * Stop the process as an operator does: SIGTERM.
	 */
	void stop() throws InterruptedException {
		this.process.destroy();
		this.process.waitFor();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * Starts the sample and prints its port.
	 */
	static final class Main {

		private Main() {
		}

		public static void main(String[] args) {
			System.out.println(PORT + SpringApplication.run(SampleApplication.class, args)
				.getEnvironment()
				.getProperty("local.server.port"));
		}

	}

}
