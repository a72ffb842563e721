package io.aki.client;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.aki.client.json.DataUri;
import io.aki.client.json.RequestParameters;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.util.Assert;

/**
 * An unmodifiable map of parameters that makes changed copies of itself.
 */
abstract class ParameterMap extends AbstractMap<String, Object> {

	private final Map<String, Object> values;

	ParameterMap(Map<String, Object> values) {
		this.values = Collections.unmodifiableMap(values);
	}

	@Override
	public final Set<Map.Entry<String, Object>> entrySet() {
		return this.values.entrySet();
	}

	/**
	 * Return the names of the parameters, without their values.
	 */
	@Override
	public final String toString() {
		return getClass().getSimpleName() + keySet();
	}

	final Map<String, Object> with(String name, @Nullable Object value) {
		Assert.hasText(name, "A parameter's name must not be empty");
		Assert.notNull(value, () -> "'" + name + "' must not be null");
		Map<String, Object> copy = new LinkedHashMap<>(this.values);
		copy.put(name, value);
		return copy;
	}

	final Map<String, Object> withPositive(String name, int value) {
		Assert.isTrue(value > 0, () -> "'" + name + "' must be greater than 0 but is " + value);
		return with(name, value);
	}

	final Map<String, Object> withText(String name, String value) {
		Assert.hasText(value, () -> "'" + name + "' must not be empty");
		return with(name, value);
	}

	/**
	 * Return binary data as a data URI.
	 */
	static String dataUri(String name, @Nullable Object data) {
		Assert.notNull(data, () -> "'" + name + "' must not be null");
		if (data instanceof String text) {
			Assert.isTrue(DataUri.parse(text) != null,
					() -> "'" + name + "' is a text but not a data URI with base64. " + acceptedData());
			return text;
		}
		Object encoded = RequestParameters.encode(Map.of(name, data)).get(name);
		if (encoded instanceof JsonNode node && node.isString() && node.stringValue().startsWith("data:")) {
			return node.stringValue();
		}
		throw new IllegalArgumentException(
				"'" + name + "' is a " + data.getClass().getName() + ", which is not binary data. " + acceptedData());
	}

	private static String acceptedData() {
		return "Pass an AkiBinary, byte[], Path, File, Resource, MultipartFile or a data URI";
	}

}
