package io.aki.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/**
 * Reads the exchanges that were recorded from a real server.
 */
final class Transcripts {

	private static final Map<String, JsonNode> ALL = read();

	private Transcripts() {
	}

	/**
	 * Return all exchanges by name.
	 */
	static Map<String, JsonNode> all() {
		return ALL;
	}

	/**
	 * Return the body of a recorded request without the fields that the client adds, and
	 * with the messages of a chat as a list.
	 */
	static Map<String, Object> params(String name) {
		Map<String, Object> body = object(get(name).at("/request/body"));
		body.remove("key");
		body.remove("wait_for_result");
		body.computeIfPresent("chat_context",
				(key, text) -> ScriptedServer.JSON.readValue((String) text, Object.class));
		return body;
	}

	/**
	 * Return the body of a recorded response.
	 */
	static Map<String, Object> response(String name) {
		return object(get(name).at("/response/body"));
	}

	private static JsonNode get(String name) {
		return Objects.requireNonNull(ALL.get(name), name);
	}

	static Map<String, Object> object(JsonNode node) {
		return ScriptedServer.JSON.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {
		});
	}

	private static Map<String, JsonNode> read() {
		Map<String, JsonNode> transcripts = new LinkedHashMap<>();
		try (BufferedReader reader = new BufferedReader(new InputStreamReader(
				Objects.requireNonNull(Transcripts.class.getResourceAsStream("transcripts.jsonl")),
				StandardCharsets.UTF_8))) {
			reader.lines()
				.map(ScriptedServer.JSON::readTree)
				.forEach((transcript) -> transcripts.put(transcript.get("name").stringValue(), transcript));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Collections.unmodifiableMap(transcripts);
	}

}
