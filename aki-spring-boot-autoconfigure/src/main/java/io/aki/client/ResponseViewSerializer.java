package io.aki.client;

import java.util.List;
import java.util.Map;

import io.aki.client.json.PlainNumberSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a {@link ResponseView} as the server sent it. The application's naming strategy
 * and inclusion do not apply. {@code NaN} and infinite numbers, which JSON does not
 * support, become {@code null}.
 */
final class ResponseViewSerializer extends StdSerializer<ResponseView> {

	ResponseViewSerializer() {
		super(ResponseView.class);
	}

	@Override
	public void serialize(ResponseView view, JsonGenerator generator, SerializationContext context) {
		write(view.json(), generator);
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
