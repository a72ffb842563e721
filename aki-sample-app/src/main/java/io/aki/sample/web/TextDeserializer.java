package io.aki.sample.web;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;

import org.springframework.boot.jackson.JacksonComponent;

/**
 * Refuses texts that contain the character U+0000. PostgreSQL cannot store it.
 */
@JacksonComponent
class TextDeserializer extends StdScalarDeserializer<String> {

	static final String MESSAGE = "must not contain the character U+0000";

	TextDeserializer() {
		super(String.class);
	}

	@Override
	public String deserialize(JsonParser parser, DeserializationContext context) {
		String text = StringDeserializer.instance.deserialize(parser, context);
		if (text.indexOf('\0') >= 0) {
			throw InvalidFormatException.from(parser, MESSAGE, text, String.class);
		}
		return text;
	}

}
