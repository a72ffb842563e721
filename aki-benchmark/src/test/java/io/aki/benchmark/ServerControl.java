package io.aki.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Controls the {@link ApiServer} with requests that are not part of the API.
 */
final class ServerControl {

	private final String url;

	ServerControl(String url) {
		this.url = url;
	}

	Figures counters() throws IOException {
		return get("/benchmark/counters");
	}

	/**
	 * Finish all waiting jobs, each at a different time.
	 */
	void release(long withinMilliseconds) throws IOException {
		get("/benchmark/release?" + withinMilliseconds);
	}

	/**
	 * Set whether new jobs are finished at once. Otherwise they wait for their release.
	 */
	void finishAtOnce(boolean finishAtOnce) throws IOException {
		get(finishAtOnce ? "/benchmark/finish" : "/benchmark/wait");
	}

	/**
	 * Pause the server.
	 */
	void pause(long milliseconds) throws IOException {
		get("/benchmark/pause?" + milliseconds);
	}

	/**
	 * Delay all following responses of the API.
	 */
	void delay(long milliseconds) throws IOException {
		get("/benchmark/delay?" + milliseconds);
	}

	private Figures get(String path) throws IOException {
		try (InputStream stream = URI.create(this.url + path).toURL().openStream()) {
			Figures figures = new Figures();
			new String(stream.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(figures::add);
			return figures;
		}
	}

}
