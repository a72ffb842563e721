package io.aki.client.json;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.json.BinaryModule.UnsupportedValueException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.Assert;

/**
 * Converts a caller's parameters to the form that the API takes. Scalars stay as they
 * are. Objects and lists become strings that contain their JSON.
 *
 * @since 1.0.0
 */
public final class RequestParameters {

	private RequestParameters() {
	}

	/**
	 * Convert parameters.
	 * @param parameters the parameters
	 * @return a new, modifiable map
	 * @throws IllegalArgumentException if a value cannot be written as JSON
	 */
	public static Map<String, @Nullable Object> encode(@Nullable Map<String, ?> parameters) {
		Assert.notNull(parameters, "'params' must not be null; pass Map.of() for none");
		Map<String, @Nullable Object> encoded = new LinkedHashMap<>();
		parameters.forEach((name, value) -> {
			Assert.hasText(name, "A parameter's name must not be empty");
			encoded.put(name, encode(name, value));
		});
		return encoded;
	}

	/**
	 * Return converted parameters without types of Jackson.
	 * @param encoded the parameters, from {@link #encode(Map)}
	 * @return a new map with the same texts, numbers and booleans
	 */
	public static Map<String, @Nullable Object> values(Map<String, @Nullable Object> encoded) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>(encoded);
		values.replaceAll((name, value) -> (value instanceof JsonNode node) ? ApiJson.values(node) : value);
		return values;
	}

	private static @Nullable Object encode(String name, @Nullable Object value) {
		if (value == null || value instanceof String || value instanceof Boolean) {
			return value;
		}
		if (value instanceof Number number) {
			Assert.isTrue(Double.isFinite(number.doubleValue()) || !(value instanceof Double || value instanceof Float),
					() -> "Parameter '" + name + "' is " + value + ", which JSON cannot represent");
			return value;
		}
		try {
			if (value instanceof Map || value instanceof Collection) {
				return ApiJson.writeString(value);
			}
			JsonNode node = ApiJson.tree(value);
			return node.isContainer() ? ApiJson.writeString(ApiJson.values(node)) : node;
		}
		catch (UnsupportedValueException | JacksonException ex) {
			throw unsupported(name, value, ex);
		}
	}

	private static IllegalArgumentException unsupported(String name, Object value, RuntimeException ex) {
		Throwable cause = ex;
		while (cause != null && !(cause instanceof UnsupportedValueException)) {
			cause = cause.getCause();
		}
		if (cause != null) {
			return new IllegalArgumentException("Parameter '" + name + "': " + cause.getMessage(), ex);
		}
		return new IllegalArgumentException("Parameter '" + name + "' (" + value.getClass().getName()
				+ ") cannot be written as JSON: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage(), ex);
	}

}
