package io.aki.client;

import java.util.Collections;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * A JSON object of the server. Its values are read under the server's names, and it is
 * written as JSON under them. Immutable.
 */
@JsonSerialize(using = ResponseViewSerializer.class)
abstract class ResponseView {

	private final Map<String, @Nullable Object> body;

	private final OutputConversion conversion;

	private volatile @Nullable Map<String, @Nullable Object> converted;

	ResponseView(Map<String, @Nullable Object> body, OutputConversion conversion) {
		this.body = Collections.unmodifiableMap(body);
		this.conversion = conversion;
	}

	/**
	 * Return a value under the server's name. Binary values and tool calls have the form
	 * that the client was configured for.
	 * @param name the name, such as {@code seed}
	 * @return the value, or {@code null} if there is none
	 */
	public @Nullable Object get(String name) {
		return asMap().get(name);
	}

	/**
	 * Return all values under the server's names. Binary values and tool calls have the
	 * form that the client was configured for.
	 * @return an unmodifiable map
	 */
	public Map<String, @Nullable Object> asMap() {
		Map<String, @Nullable Object> converted = this.converted;
		if (converted == null) {
			converted = this.conversion.convert(this.body);
			this.converted = converted;
		}
		return converted;
	}

	final Map<String, @Nullable Object> body() {
		return this.body;
	}

	/**
	 * Return the fields that are written as JSON.
	 */
	@JsonValue
	Map<String, @Nullable Object> json() {
		return this.body;
	}

	final OutputConversion conversion() {
		return this.conversion;
	}

	final @Nullable String string(String name) {
		return (this.body.get(name) instanceof String string) ? string : null;
	}

	final @Nullable Integer integer(String name) {
		Double number = decimal(name);
		return (number != null) ? Integer.valueOf(number.intValue()) : null;
	}

	final @Nullable Double decimal(String name) {
		return (this.body.get(name) instanceof Number number && Double.isFinite(number.doubleValue()))
				? number.doubleValue() : null;
	}

	/**
	 * Return the text, which is the content of an object with
	 * {@code chat_output_format: json}.
	 */
	final @Nullable String answerText() {
		Object text = this.body.get("text");
		if (text instanceof Map<?, ?> parts) {
			text = parts.get("content");
		}
		return (text instanceof String string) ? string : null;
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + this.body.keySet();
	}

}
