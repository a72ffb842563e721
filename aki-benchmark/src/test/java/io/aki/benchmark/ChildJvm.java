package io.aki.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program in another JVM. The program prints its figures as lines of the form
 * {@code name=value}.
 */
final class ChildJvm implements AutoCloseable {

	private static final int SECONDS = 180;

	private final Process process;

	private final BufferedReader output;

	private final Figures figures = new Figures();

	private ChildJvm(Process process) {
		this.process = process;
		this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	static ChildJvm start(Jdk jdk, List<String> options, String classPath, Class<?> program, String... arguments) {
		return start(jdk, options, classPath, ProcessBuilder.Redirect.INHERIT, program, arguments);
	}

	/**
	 * Start a program that may fail. Its error output is discarded.
	 */
	static ChildJvm startSilently(Jdk jdk, List<String> options, Class<?> program, String... arguments) {
		return start(jdk, options, System.getProperty("java.class.path"), ProcessBuilder.Redirect.DISCARD, program,
				arguments);
	}

	private static ChildJvm start(Jdk jdk, List<String> options, String classPath, ProcessBuilder.Redirect errors,
			Class<?> program, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(jdk.java());
		command.addAll(options);
		command.addAll(List.of("-cp", classPath, program.getName()));
		command.addAll(List.of(arguments));
		try {
			return new ChildJvm(new ProcessBuilder(command).redirectError(errors).start());
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot start " + command, ex);
		}
	}

	static ChildJvm start(Jdk jdk, List<String> options, Class<?> program, String... arguments) {
		return start(jdk, options, System.getProperty("java.class.path"), program, arguments);
	}

	/**
	 * Wait until the program has printed a figure.
	 */
	String await(String name) throws IOException {
		while (!this.figures.has(name)) {
			String line = this.output.readLine();
			if (line == null) {
				throw new IOException("The program ended and did not print '" + name + "'");
			}
			read(line);
		}
		return this.figures.text(name);
	}

	/**
	 * Wait until the program ends, for a limited time.
	 * @return its figures, or {@code null} if it failed
	 */
	Figures end() throws IOException, InterruptedException {
		CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(this.process::destroyForcibly);
		for (String line = this.output.readLine(); line != null; line = this.output.readLine()) {
			read(line);
		}
		return (this.process.waitFor() == 0) ? this.figures : null;
	}

	private void read(String line) {
		if (!this.figures.add(line)) {
			Console.say("    " + line);
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
