package io.aki.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads server-sent events as a browser does. Closing the stream disconnects the browser.
 */
public final class SseStream implements AutoCloseable {

	public record Event(String id, String name, JsonNode data) {

	}

	private static final JsonMapper json = new JsonMapper();

	private final BufferedReader reader;

	SseStream(InputStream body) {
		this.reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
	}

	/**
	 * Return the next event, or {@code null} at the end of the stream.
	 */
	public Event next() {
		String id = "";
		String name = "";
		StringBuilder data = new StringBuilder();
		try {
			for (String line = this.reader.readLine(); line != null; line = this.reader.readLine()) {
				if (line.isEmpty() && !name.isEmpty()) {
					return new Event(id, name, json.readTree(data.toString()));
				}
				if (line.startsWith("id:")) {
					id = line.substring(3);
				}
				else if (line.startsWith("event:")) {
					name = line.substring(6);
				}
				else if (line.startsWith("data:")) {
					data.append(line.substring(5));
				}
			}
			return null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the events up to the first event that matches, or to the end of the stream.
	 */
	public List<Event> until(Predicate<Event> last) {
		List<Event> events = new ArrayList<>();
		for (Event event = next(); event != null; event = next()) {
			events.add(event);
			if (last.test(event)) {
				break;
			}
		}
		return events;
	}

	public List<Event> all() {
		return until((event) -> false);
	}

	@Override
	public void close() {
		try {
			this.reader.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
