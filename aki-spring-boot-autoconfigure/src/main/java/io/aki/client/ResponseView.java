package io.aki.client;

import java.util.Collections;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * An object that the server sent, read under the server's own names and written as JSON
 * just as it was sent. Immutable.
 */
@JsonSerialize(using = ResponseViewSerializer.class)
abstract class ResponseView {

	private final Map<String, @Nullable Object> wire;

	private final OutputConversion conversion;

	private volatile @Nullable Map<String, @Nullable Object> converted;

	ResponseView(Map<String, @Nullable Object> wire, OutputConversion conversion) {
		this.wire = Collections.unmodifiableMap(wire);
		this.conversion = conversion;
	}

	/**
	 * Return a value under the server's own name, binary values and tool calls in the
	 * form that the client was asked for.
	 * @param name the name, such as {@code seed}
	 * @return the value, or {@code null} if there is none
	 */
	public @Nullable Object get(String name) {
		return asMap().get(name);
	}

	/**
	 * Return all values under the server's own names, binary values and tool calls in the
	 * form that the client was asked for.
	 * @return an unmodifiable map
	 */
	public Map<String, @Nullable Object> asMap() {
		Map<String, @Nullable Object> converted = this.converted;
		if (converted == null) {
			converted = this.conversion.convert(this.wire);
			this.converted = converted;
		}
		return converted;
	}

	@JsonValue
	final Map<String, @Nullable Object> wire() {
		return this.wire;
	}

	final OutputConversion conversion() {
		return this.conversion;
	}

	final @Nullable String string(String name) {
		return (this.wire.get(name) instanceof String string) ? string : null;
	}

	final @Nullable Integer integer(String name) {
		Double number = decimal(name);
		return (number != null) ? Integer.valueOf(number.intValue()) : null;
	}

	final @Nullable Double decimal(String name) {
		return (this.wire.get(name) instanceof Number number && Double.isFinite(number.doubleValue()))
				? number.doubleValue() : null;
	}

	/**
	 * The text, which {@code chat_output_format: json} wraps into an object.
	 */
	final @Nullable String answerText() {
		Object text = this.wire.get("text");
		if (text instanceof Map<?, ?> parts) {
			text = parts.get("content");
		}
		return (text instanceof String string) ? string : null;
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + this.wire.keySet();
	}

}
