package io.aki.spring.boot.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Writes JSON values as Python does, because the messages of the server contain values in
 * this form.
 */
final class PythonText {

	private static final int LONGEST_STRING = 30;

	private PythonText() {
	}

	/**
	 * Return a value in this form. Long strings are shortened as the server does it.
	 */
	static String shortened(@Nullable Object value) {
		return str(shorten(value));
	}

	static String str(@Nullable Object value) {
		return (value instanceof String text) ? text : repr(value);
	}

	/**
	 * Return the Python class of a value.
	 * @return for example {@code <class 'str'>}
	 */
	static String type(@Nullable Object value) {
		return "<class '" + typeName(value) + "'>";
	}

	private static String typeName(@Nullable Object value) {
		if (value == null) {
			return "NoneType";
		}
		if (value instanceof String) {
			return "str";
		}
		if (value instanceof Boolean) {
			return "bool";
		}
		if (value instanceof Double) {
			return "float";
		}
		if (value instanceof Number) {
			return "int";
		}
		return (value instanceof List) ? "list" : "dict";
	}

	private static String repr(@Nullable Object value) {
		if (value == null) {
			return "None";
		}
		if (value instanceof String text) {
			return quoted(text);
		}
		if (value instanceof Boolean flag) {
			return flag ? "True" : "False";
		}
		if (value instanceof List<?> list) {
			return list.stream().map(PythonText::repr).collect(Collectors.joining(", ", "[", "]"));
		}
		if (value instanceof Map<?, ?> map) {
			return map.entrySet()
				.stream()
				.map((entry) -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
				.collect(Collectors.joining(", ", "{", "}"));
		}
		return value.toString();
	}

	private static String quoted(String text) {
		return "'" + text.replace("\\", "\\\\").replace("\n", "\\n").replace("'", "\\'") + "'";
	}

	private static @Nullable Object shorten(@Nullable Object value) {
		if (value instanceof String text && text.codePointCount(0, text.length()) > LONGEST_STRING) {
			return text.substring(0, text.offsetByCodePoints(0, LONGEST_STRING)) + "...";
		}
		if (value instanceof List<?> list) {
			return list.stream().<@Nullable Object>map(PythonText::shorten).toList();
		}
		Map<String, @Nullable Object> map = JsonText.asObject(value);
		if (map != null) {
			Map<String, @Nullable Object> shortened = new LinkedHashMap<>();
			map.forEach((name, entry) -> shortened.put(name, shorten(entry)));
			return shortened;
		}
		return value;
	}

}
