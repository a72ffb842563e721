package io.aki.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A parameter that an endpoint declares, either an input or an output. Immutable.
 * {@link AkiEndpointDetails#parameterDescription()} contains the other information of the
 * server about the parameter, such as the size of an image.
 *
 * @param name the API's own name, such as {@code top_k}
 * @param type the type as the server names it: {@code string}, {@code integer},
 * {@code float}, {@code bool}, {@code selection}, {@code chat_context}, {@code image}, …;
 * {@code string} if the server names none
 * @param required whether a request must have it
 * @param defaultValue the value that the endpoint uses if a request does not have the
 * parameter, or {@code null} if there is none
 * @param minimum the smallest value, or {@code null} if there is no limit
 * @param maximum the largest value, or {@code null} if there is no limit
 * @param options the allowed values, unmodifiable; empty if they are not limited to a
 * list
 * @param description the description, or {@code null} if there is none
 * @since 1.0.0
 * @see AkiEndpointDetails#parameters()
 */
public record AkiParameter(String name, String type, boolean required, @Nullable Object defaultValue,
		@Nullable Number minimum, @Nullable Number maximum, List<Object> options, @Nullable String description) {

	/**
	 * Create a parameter.
	 * @param name the API's own name, not blank
	 * @param type the type as the server names it, not blank
	 * @param required whether a request must have it
	 * @param defaultValue the default, or {@code null}
	 * @param minimum the smallest value, or {@code null}
	 * @param maximum the largest value, or {@code null}
	 * @param options the allowed values, copied; empty if they are not limited to a list
	 * @param description the description, or {@code null}
	 * @throws IllegalArgumentException if the name or the type is blank, or the options
	 * are {@code null}
	 */
	public AkiParameter {
		Assert.hasText(name, "'name' must not be empty");
		Assert.hasText(type, "'type' must not be empty");
		Assert.notNull(options, "'options' must not be null");
		options = List.copyOf(options);
	}

	/**
	 * Read the parameters of a section of a description, in the server's order.
	 */
	static List<AkiParameter> read(@Nullable Object section) {
		if (!(section instanceof Map<?, ?> declared)) {
			return List.of();
		}
		List<AkiParameter> parameters = new ArrayList<>(declared.size());
		declared.forEach((name, definition) -> {
			if (name instanceof String text && !text.isBlank()) {
				parameters.add(read(text, (definition instanceof Map<?, ?> fields) ? fields : Map.of()));
			}
		});
		return Collections.unmodifiableList(parameters);
	}

	private static AkiParameter read(String name, Map<?, ?> fields) {
		boolean typed = fields.get("type") instanceof String type && !type.isBlank();
		return new AkiParameter(name, typed ? String.valueOf(fields.get("type")) : "string",
				Boolean.TRUE.equals(fields.get("required")), fields.get("default"), number(fields.get("minimum")),
				number(fields.get("maximum")), options(fields.get("supported")),
				(fields.get("description") instanceof String description) ? description : null);
	}

	private static @Nullable Number number(@Nullable Object value) {
		return (value instanceof Number number) ? number : null;
	}

	private static List<Object> options(@Nullable Object supported) {
		List<Object> options = new ArrayList<>();
		if (supported instanceof List<?> list) {
			list.forEach((option) -> {
				if (option != null) {
					options.add(option);
				}
			});
		}
		return options;
	}

}
