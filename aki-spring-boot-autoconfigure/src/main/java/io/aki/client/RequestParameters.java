package io.aki.client;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import io.aki.client.BinaryModule.UnusableValueException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.Assert;

/**
 * A caller's parameters in the form that the API takes: scalars as they are, anything
 * that is an object or a list in JSON as a string that holds this JSON.
 */
final class RequestParameters {

	private RequestParameters() {
	}

	static Map<String, @Nullable Object> encode(@Nullable Map<String, ?> parameters) {
		Assert.notNull(parameters, "'params' must not be null; pass Map.of() for none");
		Map<String, @Nullable Object> encoded = new LinkedHashMap<>();
		parameters.forEach((name, value) -> {
			Assert.hasText(name, "A parameter's name must not be empty");
			encoded.put(name, encode(name, value));
		});
		return encoded;
	}

	private static @Nullable Object encode(String name, @Nullable Object value) {
		if (value == null || value instanceof String || value instanceof Boolean) {
			return value;
		}
		if (value instanceof Number number) {
			Assert.isTrue(Double.isFinite(number.doubleValue()) || !(value instanceof Double || value instanceof Float),
					() -> "Parameter '" + name + "' is " + value + ", which is no number in JSON");
			return value;
		}
		try {
			if (value instanceof Map || value instanceof Collection) {
				return WireJson.writeString(value);
			}
			JsonNode node = WireJson.tree(value);
			return node.isContainer() ? WireJson.writeString(WireJson.values(node)) : node;
		}
		catch (UnusableValueException | JacksonException ex) {
			throw unusable(name, value, ex);
		}
	}

	private static IllegalArgumentException unusable(String name, Object value, RuntimeException ex) {
		Throwable cause = ex;
		while (cause != null && !(cause instanceof UnusableValueException)) {
			cause = cause.getCause();
		}
		if (cause != null) {
			return new IllegalArgumentException("Parameter '" + name + "': " + cause.getMessage(), ex);
		}
		return new IllegalArgumentException("Parameter '" + name + "' (" + value.getClass().getName()
				+ ") cannot be written as JSON: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage(), ex);
	}

}
