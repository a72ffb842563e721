package io.aki.sample.task;

import java.io.InputStream;

/**
 * An image or a sound on its way out of the database.
 *
 * @param format its format, such as {@code png}
 * @param length how many bytes it has
 * @param data its bytes, to be read before the next row is
 */
public record StoredBinary(String format, long length, InputStream data) {

}
