package io.aki.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.aki.client.json.ApiJson;
import org.jspecify.annotations.Nullable;

/**
 * Reads the forms in which models write tool calls.
 */
final class ToolCalls {

	private ToolCalls() {
	}

	/**
	 * Read tool calls.
	 * @param toolCalls a list of calls, a single call, or the JSON text of one of them
	 * @return the calls, empty if there are none
	 * @throws IllegalArgumentException if an entry is not a tool call; the message
	 * describes the entry without its arguments
	 */
	static List<AkiToolCall> read(@Nullable Object toolCalls) {
		Object value = toolCalls;
		if (value instanceof String text) {
			if (text.isBlank() || text.strip().equals("null")) {
				return List.of();
			}
			value = ApiJson.parseContainer(text);
			if (value == null) {
				throw new IllegalArgumentException("a text of " + text.length() + " characters that is no JSON list");
			}
		}
		if (value == null) {
			return List.of();
		}
		List<?> entries = (value instanceof List<?> list) ? list : List.of(value);
		List<AkiToolCall> calls = new ArrayList<>(entries.size());
		for (Object entry : entries) {
			calls.add(call(entry));
		}
		return Collections.unmodifiableList(calls);
	}

	private static AkiToolCall call(@Nullable Object entry) {
		if (!(entry instanceof Map<?, ?> fields)) {
			throw new IllegalArgumentException("an entry that is no object");
		}
		Map<?, ?> call = (fields.get("function") instanceof Map<?, ?> function) ? function : fields;
		if (!(call.get("name") instanceof String name) || name.isBlank()) {
			throw new IllegalArgumentException("an entry without a name, only " + call.keySet());
		}
		Object id = fields.get("id");
		return new AkiToolCall((id != null) ? id.toString() : null, name, arguments(name, call));
	}

	private static Map<String, @Nullable Object> arguments(String name, Map<?, ?> call) {
		// models of the Llama family write 'parameters'
		Object arguments = (call.get("arguments") != null) ? call.get("arguments") : call.get("parameters");
		if (arguments instanceof String text) {
			arguments = text.isBlank() ? null : ApiJson.parseContainer(text);
			if (arguments == null && !text.isBlank()) {
				throw new IllegalArgumentException("arguments of '" + name + "' that are no JSON object");
			}
		}
		if (arguments == null) {
			return Map.of();
		}
		if (arguments instanceof Map<?, ?> map) {
			return ApiJson.object(map);
		}
		throw new IllegalArgumentException("arguments of '" + name + "' that are no JSON object");
	}

}
