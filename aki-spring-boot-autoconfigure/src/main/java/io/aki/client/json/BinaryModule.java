package io.aki.client.json;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import org.springframework.core.io.InputStreamSource;
import org.springframework.core.io.Resource;
import org.springframework.web.multipart.MultipartFile;

/**
 * Writes the binary values of a request as data URIs.
 */
final class BinaryModule extends SimpleModule {

	private static final long serialVersionUID = 1L;

	BinaryModule() {
		super("aki-binary");
		addSerializer(byte[].class, writer(byte[].class, (data) -> encode(data, null, "byte[]")));
		addSerializer(Path.class, writer(Path.class, BinaryModule::encodeFile));
		addSerializer(File.class, writer(File.class, (file) -> encodeFile(file.toPath())));
		addSerializer(InputStreamSource.class, writer(InputStreamSource.class, BinaryModule::encodeSource));
		addSerializer(InputStream.class, writer(InputStream.class, BinaryModule::refuse));
		addSerializer(Reader.class, writer(Reader.class, BinaryModule::refuse));
	}

	private static String encodeFile(Path file) throws IOException {
		return encode(Files.readAllBytes(file), Objects.toString(file.getFileName(), null),
				"file '" + file.getFileName() + "'");
	}

	private static String encodeSource(InputStreamSource source) throws IOException {
		String name = null;
		if (source instanceof Resource resource) {
			name = resource.getFilename();
		}
		else if (source instanceof MultipartFile file) {
			name = file.getOriginalFilename();
		}
		try (InputStream stream = source.getInputStream()) {
			return encode(stream.readAllBytes(), name,
					((name != null) ? "'" + name + "'" : source.getClass().getSimpleName()));
		}
	}

	private static String encode(byte[] data, @Nullable String fileName, String description) {
		String format = MediaFormat.detect(data, fileName);
		if (format == null) {
			throw new UnsupportedValueException("the format of the " + description + " (" + data.length
					+ " bytes) is unknown. Name the format: pass AkiClient.encodeBinary(bytes, \"png\") or new AkiBinary(\"png\", bytes)");
		}
		return DataUri.encode(data, format, null);
	}

	private static String refuse(Object value) {
		throw new UnsupportedValueException("a " + value.getClass().getSimpleName()
				+ " cannot be sent, because it may be read only once. Read it and pass its bytes, or AkiClient.encodeBinary(bytes, format)");
	}

	private static <T> StdSerializer<T> writer(Class<T> type, Encoder<? super T> encoder) {
		return new StdSerializer<>(type) {

			@Override
			public void serialize(T value, JsonGenerator generator, SerializationContext context) {
				try {
					generator.writeString(encoder.encode(value));
				}
				catch (IOException ex) {
					throw new UnsupportedValueException("cannot be read: " + ex, ex);
				}
			}

		};
	}

	private interface Encoder<T> {

		String encode(T value) throws IOException;

	}

	/**
	 * Thrown for a value that cannot be a parameter. {@link RequestParameters} adds the
	 * parameter's name.
	 */
	static final class UnsupportedValueException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnsupportedValueException(String message) {
			super(message);
		}

		UnsupportedValueException(String message, Throwable cause) {
			super(message, cause);
		}

	}

}
