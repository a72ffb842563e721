package io.aki.spring.boot.tasks;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL server for tests. It can be stopped, killed and started again with
 * its data.
 */
final class PostgresServer implements Closeable {

	private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

	private final Path programs;

	private final Path directory;

	private final int port;

	private Process process;

	private PostgresServer(Path programs, Path directory, int port) {
		this.programs = programs;
		this.directory = directory;
		this.port = port;
	}

	/**
	 * Create and start a server. The test is skipped if PostgreSQL is not installed.
	 */
	static PostgresServer create() throws Exception {
		return create(Files.createTempDirectory("aki-postgres"));
	}

	static PostgresServer create(Path directory) throws Exception {
		Path programs = installed();
		Assumptions.assumeTrue(programs != null, "PostgreSQL is not installed");
		if (isRoot()) {
			run(List.of("chown", "postgres", directory.toString()));
		}
		PostgresServer server = new PostgresServer(programs, directory, freePort());
		run(server.command("initdb", "-D", server.data(), "-A", "trust", "-U", "postgres", "-N"));
		server.start();
		return server;
	}

	private static Path installed() throws IOException {
		if (!Files.isDirectory(INSTALLED)) {
			return null;
		}
		try (Stream<Path> versions = Files.list(INSTALLED)) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((programs) -> Files.isExecutable(programs.resolve("initdb")))
				.max(Comparator.comparing((programs) -> Integer.valueOf(programs.getParent().getFileName().toString())))
				.orElse(null);
		}
	}

	void start() throws Exception {
		this.process = new ProcessBuilder(command("postgres", "-D", data(), "-p", String.valueOf(this.port), "-k",
				this.directory.toString(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"))
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("log").toFile())
			.start();
		Awaitility.await("start of PostgreSQL").atMost(Duration.ofSeconds(60)).until(this::isReady);
	}

	private boolean isReady() {
		assertAlive();
		try {
			DriverManager.getConnection(url(), "postgres", "postgres").close();
			return true;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private void assertAlive() {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("PostgreSQL has ended: see " + this.directory.resolve("log"));
		}
	}

	/**
	 * Stop the server as an operator does, without waiting for its clients.
	 */
	void stop() throws Exception {
		signal("INT");
		this.process.waitFor();
	}

	/**
	 * Let the server crash: nothing is written, its clients lose their connections.
	 */
	void crash() throws Exception {
		signal("QUIT");
		this.process.waitFor();
	}

	/**
	 * Start the server again if it has ended itself, for example because its disk was
	 * full.
	 */
	void restartIfEnded() throws Exception {
		if (!this.process.isAlive()) {
			start();
		}
	}

	private void signal(String name) throws Exception {
		// setpriv replaces itself with the server: the process is the postmaster
		run(List.of("kill", "-" + name, String.valueOf(this.process.pid())));
	}

	String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres";
	}

	String[] properties() {
		return new String[] { "spring.datasource.url=" + url(), "spring.datasource.username=postgres",
				"spring.datasource.password=postgres", "aki.io.tasks.initialize-schema=always" };
	}

	private String data() {
		return this.directory.resolve("data").toString();
	}

	private List<String> command(String program, String... arguments) {
		// PostgreSQL refuses to run as root
		List<String> command = new ArrayList<>(
				isRoot() ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") : List.of());
		command.add(this.programs.resolve(program).toString());
		command.addAll(List.of(arguments));
		return command;
	}

	private static boolean isRoot() {
		return System.getProperty("user.name").equals("root");
	}

	static void run(List<String> command) throws Exception {
		Process process = new ProcessBuilder(command).directory(Path.of("/tmp").toFile())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		if (process.waitFor() != 0) {
			throw new IllegalStateException(command + ": " + output);
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Override
	public void close() throws IOException {
		try {
			if (this.process.isAlive()) {
				signal("QUIT");
				this.process.waitFor(30, TimeUnit.SECONDS);
			}
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
