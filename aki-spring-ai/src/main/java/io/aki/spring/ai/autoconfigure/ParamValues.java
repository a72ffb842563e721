package io.aki.spring.ai.autoconfigure;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Gives the parameters of an endpoint their types. All values of a properties file are
 * texts, and the server rejects a text for a number.
 */
final class ParamValues {

	private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,17})(\\.\\d+)?([eE][+-]?\\d{1,2})?");

	private ParamValues() {
	}

	static Map<String, Object> of(Map<String, Object> params) {
		Map<String, Object> values = new LinkedHashMap<>();
		params.forEach((name, value) -> values.put(name, (value instanceof String text) ? of(text) : value));
		return values;
	}

	private static Object of(String text) {
		if (text.equals("true") || text.equals("false")) {
			return Boolean.valueOf(text);
		}
		if (!NUMBER.matcher(text).matches()) {
			return text;
		}
		BigDecimal number = new BigDecimal(text);
		if (text.chars().allMatch((character) -> character == '-' || Character.isDigit(character))) {
			long integer = number.longValueExact();
			return (integer == (int) integer) ? (Object) (int) integer : (Object) integer;
		}
		return number.doubleValue();
	}

}
