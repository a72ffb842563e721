package io.aki.spring.boot.test;

/**
 * Keeps drawing off the machine's display: there may be none, and where there is one, a
 * test has no business with it. Who has decided otherwise is left alone.
 */
final class Headless {

	private static final String PROPERTY = "java.awt.headless";

	private Headless() {
	}

	static void ensure() {
		if (System.getProperty(PROPERTY) == null) {
			System.setProperty(PROPERTY, "true");
		}
	}

}
