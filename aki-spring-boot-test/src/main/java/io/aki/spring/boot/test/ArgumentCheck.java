package io.aki.spring.boot.test;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Checks the parameters of a call against the parameters that the endpoint declares.
 * Messages that occur in the transcripts of the real server, and those about JSON and
 * media that are not allowed, are equal to those of the server. All other messages start
 * with "Invalid value".
 */
final class ArgumentCheck {

	private final Endpoint endpoint;

	private final Map<String, @Nullable Object> given;

	private final List<String> errors = new ArrayList<>();

	ArgumentCheck(Endpoint endpoint, Map<String, @Nullable Object> given) {
		this.endpoint = endpoint;
		this.given = given;
	}

	CheckedArguments check() {
		checkNames();
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		this.endpoint.inputs().forEach((String name, Map<String, @Nullable Object> definition) -> {
			Object value = checkType(name, definition, presentOrDefault(name, definition));
			if (value != null) {
				values.put(name, checkValue(name, definition, value));
			}
		});
		return new CheckedArguments(values, this.errors);
	}

	private void checkNames() {
		List<String> unknown = this.given.keySet()
			.stream()
			.filter((name) -> !this.endpoint.inputs().containsKey(name))
			.toList();
		if (!unknown.isEmpty()) {
			this.errors.add("Invalid input parameter(s): " + String.join(", ", unknown));
		}
	}

	private @Nullable Object presentOrDefault(String name, Map<String, @Nullable Object> definition) {
		Object value = this.given.get(name);
		if (value != null) {
			return value;
		}
		if (Boolean.TRUE.equals(definition.get("required"))) {
			this.errors.add("Missing required argument: " + name);
			return null;
		}
		return definition.get("default");
	}

	private @Nullable Object checkType(String name, Map<String, @Nullable Object> definition, @Nullable Object value) {
		if (value == null) {
			return null;
		}
		String type = type(definition);
		// the server uses Python, where a bool is an int
		Object number = (value instanceof Boolean flag) ? Integer.valueOf(flag ? 1 : 0) : value;
		if (type.equals("integer") && number instanceof Number integer) {
			return (integer instanceof Double real) ? truncated(real) : integer;
		}
		if (type.equals("float") && number instanceof Number real) {
			return real.doubleValue();
		}
		boolean fits = switch (type) {
			case "bool" -> value instanceof Boolean;
			case "integer", "float" -> false;
			default -> value instanceof String;
		};
		return fits ? value : convertedOrRefused(name, definition, value);
	}

	private @Nullable Object convertedOrRefused(String name, Map<String, @Nullable Object> definition, Object value) {
		if (!converts(definition)) {
			this.errors.add("Invalid argument type " + name + "=" + PythonText.shortened(value) + ". Expected: <class '"
					+ pythonType(type(definition)) + "'> but got " + PythonText.type(value) + "!");
			return null;
		}
		try {
			return new BigInteger(PythonText.str(value).trim());
		}
		catch (NumberFormatException ex) {
			refuse(name, value, "not a number");
			return null;
		}
	}

	private @Nullable Object checkValue(String name, Map<String, @Nullable Object> definition, Object value) {
		String type = type(definition);
		if (type.equals("selection")) {
			checkSelection(name, definition, value);
		}
		else if (value instanceof Number number) {
			return checkNumber(name, definition, number);
		}
		else if (value instanceof String text) {
			switch (type) {
				case "json" -> checkJson(name, text);
				case "chat_context" -> checkChatContext(name, definition, text);
				case "text_context" -> checkTextContext(name);
				case "image" -> checkImage(name, text);
				default -> {
				}
			}
		}
		return value;
	}

	private void checkSelection(String name, Map<String, @Nullable Object> definition, Object value) {
		if (definition.get("supported") instanceof List<?> supported && !supported.contains(value)) {
			refuse(name, value, "not one of " + PythonText.str(supported));
		}
	}

	private Number checkNumber(String name, Map<String, @Nullable Object> definition, Number value) {
		Number checked = value;
		if (definition.get("maximum") instanceof Number maximum && value.doubleValue() > maximum.doubleValue()) {
			checked = limited(name, definition, checked, maximum, "high", "Max");
		}
		if (definition.get("minimum") instanceof Number minimum && value.doubleValue() < minimum.doubleValue()) {
			checked = limited(name, definition, checked, minimum, "low", "Min");
		}
		if (definition.get("align") instanceof Number step && checked.longValue() % step.longValue() != 0) {
			return aligned(name, definition, checked, step.longValue());
		}
		return checked;
	}

	private Number limited(String name, Map<String, @Nullable Object> definition, Number value, Number limit,
			String tooWhat, String whichLimit) {
		if (converts(definition)) {
			return limit;
		}
		this.errors.add("Parameter " + name + " = " + PythonText.str(value) + " is too " + tooWhat + ". " + whichLimit
				+ " supported value for " + name + " on this endpoint is " + PythonText.str(limit)
				+ "!\n\nSet auto_convert = true for " + name
				+ " in the [INPUT] section of the endpoint config file to avoid this error.\n");
		return value;
	}

	private Number aligned(String name, Map<String, @Nullable Object> definition, Number value, long step) {
		if (!converts(definition)) {
			refuse(name, value, "not a multiple of " + step);
			return value;
		}
		long down = value.longValue() - Math.floorMod(value.longValue(), step);
		return (definition.get("minimum") instanceof Number minimum && down < minimum.longValue()) ? down + step : down;
	}

	private void checkJson(String name, String text) {
		if (!text.isEmpty() && !JsonText.isValid(text)) {
			this.errors.add("Input parameter " + name + "=" + PythonText.shortened(text) + " has invalid json format!");
		}
	}

	private void checkChatContext(String name, Map<String, @Nullable Object> definition, String text) {
		String error = new ChatContextCheck(name, definition).error(text);
		if (error != null) {
			this.errors.add(error);
		}
	}

	private void checkTextContext(String name) {
		this.endpoint.inputs().forEach((String other, Map<String, @Nullable Object> definition) -> {
			Object value = this.given.get(other);
			if (type(definition).equals("chat_context") && value != null && !"".equals(value)) {
				refuse(name, this.given.get(name), "cannot be used together with " + other);
			}
		});
	}

	private void checkImage(String name, String text) {
		if (!GeneratedImage.isReadable(text)) {
			refuse(name, text, "not a data URI with a readable image");
		}
	}

	private static boolean converts(Map<String, @Nullable Object> definition) {
		return Boolean.TRUE.equals(definition.get("auto_convert"));
	}

	private void refuse(String name, @Nullable Object value, String reason) {
		this.errors.add(invalidValue(name, value, reason));
	}

	static String invalidValue(String name, @Nullable Object value, String reason) {
		return "Invalid value " + name + "=" + PythonText.shortened(value) + ": " + reason;
	}

	private static String type(Map<String, @Nullable Object> definition) {
		return (definition.get("type") instanceof String type) ? type : "string";
	}

	private static String pythonType(String type) {
		return switch (type) {
			case "integer" -> "int";
			case "float" -> "float";
			case "bool" -> "bool";
			default -> "str";
		};
	}

	private static Number truncated(Double value) {
		return value.longValue();
	}

}
