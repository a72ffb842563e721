package io.aki.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A model's request to call a tool. Immutable. The arguments come from the model: check
 * them before you use them.
 *
 * @param id the identifier of the call, or {@code null} if the model sends none
 * @param name the name of the tool
 * @param arguments the arguments, unmodifiable, empty if there are none
 * @since 1.0.0
 * @see AkiResult#toolCallList()
 */
public record AkiToolCall(@Nullable String id, String name, Map<String, @Nullable Object> arguments) {

	/**
	 * Create a call.
	 * @param id the identifier of the call, or {@code null}
	 * @param name the name of the tool, not blank
	 * @param arguments the arguments, copied, but not the values in them
	 * @throws IllegalArgumentException if the name is blank or the arguments are
	 * {@code null}
	 */
	public AkiToolCall {
		Assert.hasText(name, "'name' must not be empty");
		Assert.notNull(arguments, "'arguments' must not be null");
		arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
	}

}
