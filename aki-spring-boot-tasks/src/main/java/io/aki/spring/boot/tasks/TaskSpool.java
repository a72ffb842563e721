package io.aki.spring.boot.tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Files with the results that the database has not accepted before the application
 * stopped. Without a directory, such a result is lost, and the log says so.
 */
final class TaskSpool {

	private static final Log logger = LogFactory.getLog(TaskSpool.class);

	private static final String SUFFIX = ".json";

	private final @Nullable Path directory;

	TaskSpool(@Nullable Path directory) {
		this.directory = directory;
	}

	void write(List<UnstoredResult> results) {
		for (UnstoredResult result : results) {
			try {
				if (this.directory == null) {
					throw new IOException("'aki.io.tasks.spool' is not set");
				}
				logger.warn("The result of " + result + " was not stored in the database. It is stored at the next"
						+ " start from " + write(this.directory, result, SUFFIX));
			}
			catch (IOException | RuntimeException ex) {
				logger.error("The result of " + result + " is lost: the application stopped before the database was"
						+ " available, and it could not be written to a file: " + ex.getMessage());
			}
		}
	}

	/**
	 * Keep a result that the database refuses, for a person.
	 */
	void keep(UnstoredResult result) {
		if (this.directory != null) {
			try {
				logger.error("The result of " + result + " is in " + write(this.directory, result, ".refused"));
			}
			catch (IOException | RuntimeException ex) {
				logger.error("The result of " + result + " is lost: it could not be written to a file", ex);
			}
		}
	}

	private static Path write(Path directory, UnstoredResult result, String suffix) throws IOException {
		Files.createDirectories(directory);
		Path file = directory.resolve(result.task().key() + suffix);
		Path part = directory.resolve(result.task().key() + ".part");
		Files.writeString(part, TaskJson.write("result", result), StandardOpenOption.CREATE,
				StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
		return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Pass the results of an earlier start to the database.
	 * @param store stores a result, and returns whether the task still waited for it
	 */
	void read(Predicate<UnstoredResult> store) {
		if (this.directory == null || !Files.isDirectory(this.directory)) {
			return;
		}
		try (Stream<Path> files = Files.list(this.directory)) {
			files.filter((file) -> file.toString().endsWith(SUFFIX)).sorted().forEach((file) -> read(file, store));
		}
		catch (IOException ex) {
			logger.warn("The results in " + this.directory + " cannot be read", ex);
		}
	}

	private static void read(Path file, Predicate<UnstoredResult> store) {
		try {
			UnstoredResult result = TaskJson.read(Files.readString(file), UnstoredResult.class);
			if (store.test(result)) {
				logger.info("Stored the result of " + result + " from " + file);
				Files.delete(file);
			}
			else {
				Path dropped = Files.move(file, file.resolveSibling(file.getFileName() + ".dropped"),
						StandardCopyOption.REPLACE_EXISTING);
				logger.warn("Did not store the result of " + result
						+ ", because the task was canceled, deleted or retried. It is in " + dropped);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("The result in " + file + " could not be stored. It stays there until the next start", ex);
		}
	}

}
