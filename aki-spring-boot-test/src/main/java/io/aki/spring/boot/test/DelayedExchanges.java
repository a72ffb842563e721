package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Contains the exchanges that a fault has stalled or slowed down. When the emulator is
 * closed, their connections are closed. Thread-safe.
 */
final class DelayedExchanges {

	private final Map<ResponseWriter, Runnable> stalled = new LinkedHashMap<>();

	private final Set<ResponseWriter> slow = new LinkedHashSet<>();

	private boolean closed;

	/**
	 * Stall an exchange. If the emulator is closed, close the connection instead.
	 * @param writer the writer of the response
	 * @param goOn continues the exchange after the release
	 */
	void stall(ResponseWriter writer, Runnable goOn) {
		synchronized (this) {
			if (!this.closed) {
				this.stalled.put(writer, goOn);
				return;
			}
		}
		writer.cut();
	}

	/**
	 * Add an exchange with a slow response. If the emulator is closed, close the
	 * connection instead.
	 * @param writer the writer of the response
	 */
	void slow(ResponseWriter writer) {
		synchronized (this) {
			if (!this.closed) {
				this.slow.add(writer);
				return;
			}
		}
		writer.cut();
	}

	/**
	 * Remove an exchange that has ended.
	 */
	synchronized void ended(ResponseWriter writer) {
		this.slow.remove(writer);
		this.stalled.remove(writer);
	}

	synchronized int stalled() {
		return this.stalled.size();
	}

	void release() {
		List<Runnable> released;
		synchronized (this) {
			released = new ArrayList<>(this.stalled.values());
			this.stalled.clear();
		}
		released.forEach(Runnable::run);
	}

	/**
	 * Close the connections of all exchanges without a further response.
	 */
	void cutAll() {
		List<ResponseWriter> cut;
		synchronized (this) {
			cut = new ArrayList<>(this.stalled.keySet());
			cut.addAll(this.slow);
			this.stalled.clear();
			this.slow.clear();
		}
		cut.forEach(ResponseWriter::cut);
	}

	/**
	 * Close the connections of all exchanges, including exchanges that are added later.
	 */
	void close() {
		synchronized (this) {
			this.closed = true;
		}
		cutAll();
	}

}
