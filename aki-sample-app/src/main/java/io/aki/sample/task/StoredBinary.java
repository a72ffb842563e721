package io.aki.sample.task;

import java.io.InputStream;

/**
 * An image or a sound that is read from the database.
 *
 * @param format its format, such as {@code png}
 * @param length its length in bytes
 * @param data its bytes; they must be read before the next row is read
 */
public record StoredBinary(String format, long length, InputStream data) {

}
