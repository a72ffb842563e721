package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The exchanges that a fault has stalled or slowed down. All of them are ended when the
 * emulator is closed.
 */
final class DelayedExchanges {

	private final Map<ResponseWriter, Runnable> stalled = new LinkedHashMap<>();

	private final Set<ResponseWriter> slow = new LinkedHashSet<>();

	private boolean closed;

	/**
	 * Stall an exchange.
	 * @param wire its connection
	 * @param goOn continues the exchange after the release
	 */
	void stall(ResponseWriter wire, Runnable goOn) {
		synchronized (this) {
			if (!this.closed) {
				this.stalled.put(wire, goOn);
				return;
			}
		}
		wire.cut();
	}

	/**
	 * Add an exchange that is answered slowly.
	 * @param wire its connection
	 */
	void slow(ResponseWriter wire) {
		synchronized (this) {
			if (!this.closed) {
				this.slow.add(wire);
				return;
			}
		}
		wire.cut();
	}

	/**
	 * Remove an exchange that has ended.
	 */
	synchronized void ended(ResponseWriter wire) {
		this.slow.remove(wire);
		this.stalled.remove(wire);
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
	 * End all exchanges without a response.
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
	 * End all exchanges, also those that are added later.
	 */
	void close() {
		synchronized (this) {
			this.closed = true;
		}
		cutAll();
	}

}
