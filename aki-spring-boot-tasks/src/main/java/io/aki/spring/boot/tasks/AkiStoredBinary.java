package io.aki.spring.boot.tasks;

import java.io.IOException;
import java.io.OutputStream;

/**
 * An image or the audio of a completed task, in the database. It can be read while the
 * task exists, any number of times. Thread-safe.
 *
 * @since 1.0.0
 * @see AkiTasks#storedBinary(String, int)
 */
public interface AkiStoredBinary {

	/**
	 * Return the format.
	 * @return the format in lower case, such as {@code png} or {@code wav}
	 */
	String format();

	/**
	 * Return the length.
	 * @return the number of bytes
	 */
	int length();

	/**
	 * Write the data to a stream, in parts of 256 KB. The whole data is never in memory.
	 * @param output where the data is written; not closed
	 * @throws IOException if the stream fails, or if the task was deleted
	 */
	void writeTo(OutputStream output) throws IOException;

}
