package io.aki.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The name and version that the client sends to the server.
 */
final class ClientVersion {

	static final String NAME_AND_VERSION = "Java AKI.IO Client " + read();

	private ClientVersion() {
	}

	private static String read() {
		try (InputStream stream = ClientVersion.class.getResourceAsStream("version.txt")) {
			return (stream != null) ? new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip() : "unknown";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
