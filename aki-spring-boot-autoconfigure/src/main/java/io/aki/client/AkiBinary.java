package io.aki.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

import io.aki.client.json.DataUri;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Binary data and its format: an image or a piece of audio.
 * <p>
 * The array is not copied: do not change it. As a request's parameter, and as JSON, it is
 * written as a data URI.
 *
 * @param format the format in lower case, such as {@code png}, {@code jpeg} or
 * {@code wav}; {@code octet-stream} if it is unknown
 * @param data the data
 * @since 1.0.0
 * @see AkiClient#decodeBinary(String)
 */
public record AkiBinary(String format, byte[] data) {

	/**
	 * Create binary data.
	 * @param format the format, in any case
	 * @param data the data, not copied
	 */
	public AkiBinary {
		Assert.hasText(format, "'format' must not be empty");
		Assert.notNull(data, "'data' must not be null");
		format = format.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return the data in the form that the API uses.
	 * @return a data URI, such as {@code data:image/png;base64,…}
	 */
	@JsonValue
	public String dataUri() {
		return DataUri.encode(this.data, this.format, null);
	}

	/**
	 * Return the data as a stream; the array is not copied.
	 * @return a stream that need not be closed
	 */
	public InputStream inputStream() {
		return new ByteArrayInputStream(this.data);
	}

	/**
	 * Write the data to a file, which is created or replaced.
	 * @param file the file
	 * @return the file
	 * @throws IOException if it cannot be written
	 */
	public Path writeTo(Path file) throws IOException {
		return Files.write(file, this.data);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof AkiBinary that && this.format.equals(that.format)
				&& Arrays.equals(this.data, that.data);
	}

	@Override
	public int hashCode() {
		return 31 * this.format.hashCode() + Arrays.hashCode(this.data);
	}

	@Override
	public String toString() {
		return "AkiBinary[" + this.format + ", " + this.data.length + " bytes]";
	}

}
