package io.aki.benchmark;

/**
 * Where the benchmark speaks to who started it.
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
