package io.aki.spring.boot.tasks;

import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.json.RequestParameters;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads the JSON of the database, independently of the application's settings.
 */
final class TaskJson {

	/** An image is one string. */
	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
			.enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
			.build())
		.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {
	};

	private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {
	};

	private TaskJson() {
	}

	static String write(String name, Object value) {
		try {
			return MAPPER.writeValueAsString(value);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("'" + name + "' cannot be written as JSON: " + ex.getOriginalMessage());
		}
	}

	/**
	 * Write parameters in the form that the API takes.
	 */
	static String writeParams(Map<String, ?> params) {
		return write("params", RequestParameters.encode(params));
	}

	static Map<String, @Nullable Object> read(String json) {
		return MAPPER.readValue(json, OBJECT);
	}

	static <T> T read(String json, Class<T> type) {
		try {
			return MAPPER.readValue(json, type);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(ex.getOriginalMessage(), ex);
		}
	}

	static Map<String, String> readTexts(String json) {
		return MAPPER.readValue(json, TEXTS);
	}

}
