package io.aki.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * What a program of the benchmark asks of the server beside the API.
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
	 * Finish all jobs that wait, each at a moment of its own.
	 */
	void release(long withinMilliseconds) throws IOException {
		get("/benchmark/release?" + withinMilliseconds);
	}

	/**
	 * Let the server do nothing for a while.
	 */
	void pause(long milliseconds) throws IOException {
		get("/benchmark/pause?" + milliseconds);
	}

	/**
	 * Delay each further answer of the API.
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
