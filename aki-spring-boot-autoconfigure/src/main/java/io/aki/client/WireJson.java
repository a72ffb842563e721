package io.aki.client;

import java.io.InputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * JSON as it goes over the wire, independent of the JSON settings of the application.
 */
final class WireJson {

	/**
	 * A whole image is one string; the size of an answer is bounded before it gets here.
	 */
	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
			.enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
			.build())
		.addModule(new BinaryModule())
		.addModule(
				new SimpleModule("aki-numbers").addSerializer(Double.class, new PlainNumberSerializer<>(Double.class))
					.addSerializer(Double.TYPE, new PlainNumberSerializer<>(Double.TYPE))
					.addSerializer(Float.class, new PlainNumberSerializer<>(Float.class))
					.addSerializer(Float.TYPE, new PlainNumberSerializer<>(Float.TYPE)))
		.enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
		.build();

	/**
	 * Both know their (de)serializers beforehand, which counts for answers this small.
	 */
	private static final ObjectReader OBJECT_READER = MAPPER
		.readerFor(new TypeReference<LinkedHashMap<String, @Nullable Object>>() {
		})
		// the server's Python writes NaN and Infinity
		.with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

	private static final ObjectWriter OBJECT_WRITER = MAPPER
		.writerFor(new TypeReference<Map<String, @Nullable Object>>() {
		});

	private WireJson() {
	}

	static Map<String, @Nullable Object> readObject(InputStream json) throws JacksonException {
		return OBJECT_READER.readValue(json);
	}

	static Map<String, @Nullable Object> readObject(byte[] json) throws JacksonException {
		return OBJECT_READER.readValue(json);
	}

	static byte[] writeBytes(Map<String, @Nullable Object> object) {
		return OBJECT_WRITER.writeValueAsBytes(object);
	}

	static String writeString(Object value) throws JacksonException {
		return MAPPER.writeValueAsString(value);
	}

	static JsonNode tree(Object value) throws JacksonException {
		return MAPPER.valueToTree(value);
	}

	static boolean isJson(@Nullable String text) {
		try {
			return text != null && !text.isBlank() && MAPPER.readTree(text) != null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	/**
	 * Return the lists and maps of a tree.
	 */
	static Object values(JsonNode container) throws JacksonException {
		return MAPPER.treeToValue(container, Object.class);
	}

	/**
	 * Parse an object or a list.
	 * @return lists and maps, or {@code null} if the text is something else
	 */
	static @Nullable Object parseContainer(String text) {
		try {
			JsonNode node = MAPPER.readTree(text);
			return (node != null && node.isContainer()) ? values(node) : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * Return an object within a parsed one, whose names are known to be texts.
	 */
	@SuppressWarnings("unchecked")
	static Map<String, @Nullable Object> object(Map<?, ?> map) {
		return Collections.unmodifiableMap((Map<String, @Nullable Object>) map);
	}

}
