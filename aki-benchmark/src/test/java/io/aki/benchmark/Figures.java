package io.aki.benchmark;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures that a program has measured.
 */
final class Figures {

	private static final Pattern LINE = Pattern.compile("([a-zA-Z0-9.-]+)=(\\S+)");

	private final Map<String, String> values = new TreeMap<>();

	boolean add(String line) {
		Matcher matcher = LINE.matcher(line);
		if (matcher.matches()) {
			this.values.put(matcher.group(1), matcher.group(2));
		}
		return matcher.matches();
	}

	boolean has(String name) {
		return this.values.containsKey(name);
	}

	String text(String name) {
		return this.values.get(name);
	}

	/**
	 * Return a figure, or {@code NaN} if it was not measured.
	 */
	double number(String name) {
		String value = this.values.get(name);
		return (value != null) ? Double.parseDouble(value) : Double.NaN;
	}

}
