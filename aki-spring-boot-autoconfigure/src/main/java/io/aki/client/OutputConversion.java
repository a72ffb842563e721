package io.aki.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.aki.client.json.DataUri;
import io.aki.client.json.ApiJson;
import org.jspecify.annotations.Nullable;

/**
 * Converts binary values and tool calls to the form that the client was configured for.
 *
 * @param binaryFormat whether data URIs become bytes
 * @param parseToolCalls whether tool calls, a JSON text in a response, are parsed
 */
record OutputConversion(AkiOutputBinaryFormat binaryFormat, boolean parseToolCalls) {

	static final OutputConversion NONE = new OutputConversion(AkiOutputBinaryFormat.BASE64, false);

	private static final String TOOL_CALLS = "tool_calls";

	Map<String, @Nullable Object> convert(Map<String, @Nullable Object> body) {
		return convertMap(body);
	}

	private Map<String, @Nullable Object> convertMap(Map<?, ?> body) {
		Map<String, @Nullable Object> converted = new LinkedHashMap<>();
		body.forEach((name, value) -> converted.put(String.valueOf(name),
				TOOL_CALLS.equals(name) ? convertToolCalls(value) : convertValue(value)));
		return Collections.unmodifiableMap(converted);
	}

	@Nullable Object convertToolCalls(@Nullable Object value) {
		if (this.parseToolCalls && value instanceof String string) {
			Object parsed = ApiJson.parseContainer(string);
			return (parsed != null) ? parsed : string;
		}
		return value;
	}

	private @Nullable Object convertValue(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return convertMap(map);
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> converted = new ArrayList<>(list.size());
			list.forEach((element) -> converted.add(convertValue(element)));
			return Collections.unmodifiableList(converted);
		}
		if (this.binaryFormat == AkiOutputBinaryFormat.RAW && value instanceof String string) {
			DataUri uri = DataUri.parse(string);
			return (uri != null) ? uri.data() : string;
		}
		return value;
	}

}
