package io.aki.benchmark;

import java.io.IOException;
import java.util.List;

/**
 * Runs an {@link ApiServer} in a separate process.
 */
final class ServerProcess implements AutoCloseable {

	private final ChildJvm process;

	private final String url;

	ServerProcess(Jdk jdk) throws IOException {
		this.process = ChildJvm.start(jdk, List.of("-Xmx512m", "-XX:+UseSerialGC"), ApiServer.class);
		this.url = this.process.await("url");
	}

	String url() {
		return this.url;
	}

	@Override
	public void close() {
		this.process.close();
	}

}
