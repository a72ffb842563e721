package io.aki.client.json;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
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
 * Reads and writes the API's JSON, independently of the application's JSON settings.
 *
 * @since 1.0.0
 */
public final class ApiJson {

	/**
	 * A whole image is one string. The size of a response is limited before it is parsed.
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
	 * The reader and the writer look up their (de)serializers once. This matters for
	 * small responses.
	 */
	private static final ObjectReader OBJECT_READER = MAPPER
		.readerFor(new TypeReference<LinkedHashMap<String, @Nullable Object>>() {
		})
		// the server's Python writes NaN and Infinity
		.with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

	private static final ObjectWriter OBJECT_WRITER = MAPPER
		.writerFor(new TypeReference<Map<String, @Nullable Object>>() {
		});

	private ApiJson() {
	}

	/**
	 * Parse an object.
	 * @param json the JSON
	 * @return the object's values, modifiable
	 */
	public static Map<String, @Nullable Object> readObject(byte[] json) throws JacksonException {
		return OBJECT_READER.readValue(json);
	}

	/**
	 * Parse a large object. Long base64 texts do not pass through the parser.
	 * @param head the first bytes of the JSON
	 * @param rest the other bytes
	 * @return the object's values, modifiable
	 */
	public static Map<String, @Nullable Object> readLargeObject(byte[] head, InputStream rest) throws JacksonException {
		Base64ExtractingInputStream json = new Base64ExtractingInputStream(
				new SequenceInputStream(new ByteArrayInputStream(head), rest));
		Map<String, @Nullable Object> object = OBJECT_READER.readValue(json);
		json.restore(object);
		return object;
	}

	/**
	 * Write an object.
	 * @param object the object's values
	 * @return the JSON
	 */
	public static byte[] writeBytes(Map<String, @Nullable Object> object) {
		return OBJECT_WRITER.writeValueAsBytes(object);
	}

	/**
	 * Write a value.
	 * @param value the value
	 * @return the JSON
	 */
	public static String writeString(Object value) throws JacksonException {
		return MAPPER.writeValueAsString(value);
	}

	static JsonNode tree(Object value) throws JacksonException {
		return MAPPER.valueToTree(value);
	}

	/**
	 * Return whether a text is valid JSON.
	 * @param text the text
	 * @return whether it is valid
	 */
	public static boolean isJson(@Nullable String text) {
		try {
			return text != null && !text.isBlank() && MAPPER.readTree(text) != null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	/**
	 * Convert a tree into lists, maps and plain values.
	 */
	static Object values(JsonNode tree) throws JacksonException {
		return MAPPER.treeToValue(tree, Object.class);
	}

	/**
	 * Parse an object or a list.
	 * @param text the JSON
	 * @return lists and maps, or {@code null} if the text is neither
	 */
	public static @Nullable Object parseContainer(String text) {
		try {
			JsonNode node = MAPPER.readTree(text);
			return (node != null && node.isContainer()) ? values(node) : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * Return an object that is part of a parsed one, whose names are known to be texts.
	 * @param map the object
	 * @return an unmodifiable view
	 */
	@SuppressWarnings("unchecked")
	public static Map<String, @Nullable Object> object(Map<?, ?> map) {
		return Collections.unmodifiableMap((Map<String, @Nullable Object>) map);
	}

}
