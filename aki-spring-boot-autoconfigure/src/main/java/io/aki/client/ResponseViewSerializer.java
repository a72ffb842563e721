package io.aki.client;

import java.util.List;
import java.util.Map;

import io.aki.client.json.PlainNumberSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes an {@link ResponseView} as the server sent it, whatever naming strategy or
 * inclusion the application has chosen for its own JSON. {@code NaN} and infinite
 * numbers, which JSON does not have, become {@code null}.
 */
final class ResponseViewSerializer extends StdSerializer<ResponseView> {

	ResponseViewSerializer() {
		super(ResponseView.class);
	}

	@Override
	public void serialize(ResponseView view, JsonGenerator generator, SerializationContext context) {
		write(view.wire(), generator);
	}

	private void write(@Nullable Object value, JsonGenerator generator) {
		if (value instanceof Map<?, ?> map) {
			generator.writeStartObject();
			map.forEach((name, member) -> {
				generator.writeName(String.valueOf(name));
				write(member, generator);
			});
			generator.writeEndObject();
		}
		else if (value instanceof List<?> list) {
			generator.writeStartArray();
			list.forEach((element) -> write(element, generator));
			generator.writeEndArray();
		}
		else if (value instanceof Double number) {
			PlainNumberSerializer.write(number, generator);
		}
		else {
			generator.writePOJO(value);
		}
	}

}
