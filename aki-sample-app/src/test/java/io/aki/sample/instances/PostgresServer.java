package io.aki.sample.instances;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.util.FileSystemUtils;

/**
 * Starts a real PostgreSQL server for a test. It uses an installed server, or an embedded
 * one if none is installed.
 */
final class PostgresServer implements Closeable {

	private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

	private final int port;

	private final Closeable server;

	private PostgresServer(int port, Closeable server) {
		this.port = port;
		this.server = server;
	}

	/**
	 * Start a server.
	 * @return the server; empty if no server can run on this machine
	 */
	static Optional<PostgresServer> start() {
		try {
			Optional<Path> programs = installed();
			return Optional.of(programs.isPresent() ? startInstalled(programs.get()) : startEmbedded());
		}
		catch (Exception | LinkageError ex) {
			System.out.println("No PostgreSQL here: " + ex);
			return Optional.empty();
		}
	}

	private static Optional<Path> installed() throws IOException {
		if (!Files.isDirectory(INSTALLED)) {
			return Optional.empty();
		}
		try (Stream<Path> versions = Files.list(INSTALLED)) {
			return versions.map((version) -> version.resolve("bin"))
				.filter((programs) -> Files.isExecutable(programs.resolve("initdb")))
				.max(Comparator
					.comparing((programs) -> Integer.valueOf(programs.getParent().getFileName().toString())));
		}
	}

	private static PostgresServer startEmbedded() throws IOException {
		EmbeddedPostgres server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60)).start();
		return new PostgresServer(server.getPort(), server);
	}

	private static PostgresServer startInstalled(Path programs) throws Exception {
		Path directory = Files.createTempDirectory("postgres");
		boolean root = System.getProperty("user.name").equals("root");
		if (root) {
			run(List.of("chown", "postgres", directory.toString()));
		}
		Path data = directory.resolve("data");
		run(asServer(root, programs.resolve("initdb"), "-D", data.toString(), "-A", "trust", "-U", "postgres", "-N"));
		int port = freePort();
		Process process = new ProcessBuilder(
				asServer(root, programs.resolve("postgres"), "-D", data.toString(), "-p", String.valueOf(port), "-k",
						directory.toString(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"))
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		return new PostgresServer(port, () -> {
			process.toHandle().descendants().forEach(ProcessHandle::destroy);
			process.destroy();
			process.onExit().join();
			FileSystemUtils.deleteRecursively(directory);
		});
	}

	private static List<String> asServer(boolean root, Path program, String... arguments) {
		// PostgreSQL refuses to run as root
		List<String> command = new ArrayList<>(
				root ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") : List.of());
		command.add(program.toString());
		command.addAll(List.of(arguments));
		return command;
	}

	private static void run(List<String> command) throws Exception {
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

	/**
	 * Return the properties that an instance needs to use this server.
	 */
	String[] properties() {
		return new String[] { "spring.profiles.active=postgres",
				"spring.datasource.url=jdbc:postgresql://127.0.0.1:" + this.port + "/postgres",
				"spring.datasource.username=postgres", "spring.datasource.password=postgres",
				"spring.datasource.hikari.initialization-fail-timeout=30000" };
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
