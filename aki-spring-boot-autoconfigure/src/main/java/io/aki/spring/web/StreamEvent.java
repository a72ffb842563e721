package io.aki.spring.web;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An event of a stream.
 *
 * @param name the name of the event
 * @param id the token with which a client continues the stream, if it is reconnectable
 * @param data the JSON object
 */
record StreamEvent(String name, @Nullable String id, Map<String, ? extends @Nullable Object> data) {

	/** A comment that a client ignores. */
	static final String HEARTBEAT = ":\n\n";

	/** Not the application's mapper, whose settings would rename fields. */
	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	String json() {
		return MAPPER.writeValueAsString(this.data);
	}

	/**
	 * Return the event as {@code text/event-stream}. The JSON contains no line break.
	 */
	String text() {
		return ((this.id != null) ? "id:" + this.id + "\n" : "") + "event:" + this.name + "\ndata:" + json() + "\n\n";
	}

}
