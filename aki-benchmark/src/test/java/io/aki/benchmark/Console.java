package io.aki.benchmark;

/**
 * Prints messages and figures to the standard output.
 */
final class Console {

	private Console() {
	}

	static synchronized void say(String text) {
		System.out.println(text);
		System.out.flush();
	}

	static void print(String name, Object value) {
		say(name + "=" + value);
	}

}
