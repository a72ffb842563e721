package io.aki.secrets;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects the log events that contain one of the keys of the tests.
 */
final class LoggedKeys {

	private static final int ENOUGH = 100;

	private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

	private static final AtomicLong SEARCHED = new AtomicLong();

	private LoggedKeys() {
	}

	static void search(String logger, String text) {
		SEARCHED.incrementAndGet();
		if (TestKeys.isShownBy(text) && FOUND.size() < ENOUGH) {
			FOUND.add(logger + ": " + text.substring(0, Math.min(text.length(), 2000)));
		}
	}

	/**
	 * Return how many events were searched.
	 */
	static long searched() {
		return SEARCHED.get();
	}

	/**
	 * Return the events with a key, and remove them.
	 */
	static List<String> take() {
		List<String> taken = new ArrayList<>();
		for (String found = FOUND.poll(); found != null; found = FOUND.poll()) {
			taken.add(found);
		}
		return taken;
	}

}
