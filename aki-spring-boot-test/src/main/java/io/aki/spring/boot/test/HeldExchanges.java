package io.aki.spring.boot.test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The exchanges that a fault keeps from ending: stalled ones, and those whose answer
 * takes its time. None of them outlives the emulator.
 */
final class HeldExchanges {

	private final Map<ResponseWriter, Runnable> stalled = new LinkedHashMap<>();

	private final Set<ResponseWriter> slow = new LinkedHashSet<>();

	private boolean closed;

	/**
	 * Stalls an exchange.
	 * @param wire its connection
	 * @param goOn what happens when it is released
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
	 * Takes note of an exchange that is being answered slowly.
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
	 * Forgets an exchange that has ended.
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
	 * Ends them all without an answer.
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
	 * Ends them all, and from now on each that comes.
	 */
	void close() {
		synchronized (this) {
			this.closed = true;
		}
		cutAll();
	}

}
