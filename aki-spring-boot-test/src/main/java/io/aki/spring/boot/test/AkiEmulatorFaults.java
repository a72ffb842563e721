package io.aki.spring.boot.test;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The faults of an {@link AkiEmulator}. If several faults apply to an exchange, the one
 * that was added first is used. Thread-safe.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorFaults {

	// the value is the thread that added the rule
	private final Map<FaultRule, Thread> rules = new LinkedHashMap<>();

	private final FaultCounts counts = new FaultCounts();

	private final DelayedExchanges held;

	AkiEmulatorFaults(DelayedExchanges held) {
		this.held = held;
	}

	/**
	 * Add a fault. By default it applies once.
	 * @param fault the fault
	 * @return these faults
	 */
	public synchronized AkiEmulatorFaults add(AkiEmulatorFault fault) {
		this.rules.put(FaultRule.of(Objects.requireNonNull(fault, "fault")), Thread.currentThread());
		return this;
	}

	/**
	 * Add faults that occur at random. Each exchange to which at least one of these
	 * faults applies gets one of them with the given probability. With the same seed, the
	 * same exchanges in the same order get the same faults.
	 * @param seed the seed
	 * @param probability the probability, from 0 to 1
	 * @param faults the faults, at least one
	 * @return these faults
	 * @throws IllegalArgumentException if the probability is out of range, or if there is
	 * no fault
	 */
	public synchronized AkiEmulatorFaults atRandom(long seed, double probability, AkiEmulatorFault... faults) {
		if (!(probability >= 0 && probability <= 1) || faults.length == 0) {
			throw new IllegalArgumentException("A probability from 0 to 1 and at least one fault");
		}
		this.rules.put(FaultRule.atRandom(seed, probability, List.of(faults)), Thread.currentThread());
		return this;
	}

	/**
	 * Remove all faults. Stalled exchanges remain stalled. The counts remain.
	 */
	public synchronized void clear() {
		this.rules.clear();
	}

	/**
	 * Continue all exchanges that are currently stalled. Each of them gets its response.
	 * If the server has not processed a request yet, it processes it first.
	 */
	public void release() {
		this.held.release();
	}

	/**
	 * Return how many exchanges are currently stalled.
	 * @return the number of exchanges
	 */
	public int stalled() {
		return this.held.stalled();
	}

	/**
	 * Return how often a fault of any kind was applied since the emulator was started or
	 * reset.
	 * @return the number of exchanges
	 */
	public synchronized int count() {
		return this.counts.total();
	}

	/**
	 * Return how often one fault was applied since the emulator was started or reset.
	 * @param fault the same instance that was added
	 * @return the number of exchanges
	 */
	public synchronized int count(AkiEmulatorFault fault) {
		return this.counts.of(fault);
	}

	/**
	 * Return how often each fault was applied since the emulator was started or reset.
	 * @return an immutable copy, which contains only faults that were applied
	 */
	public synchronized Map<AkiEmulatorFault, Integer> counts() {
		return Collections.unmodifiableMap(this.counts.copy());
	}

	@Override
	public String toString() {
		return "AkiEmulatorFaults" + counts();
	}

	/**
	 * Select the fault of an exchange and count it.
	 * @param exchange the exchange
	 * @return the effect of the fault, {@link FaultEffect#NONE} if no fault applies,
	 * {@code null} if the selection needs more information about the exchange
	 */
	synchronized @Nullable FaultEffect select(Exchange exchange) {
		if (!this.rules.keySet().stream().allMatch((rule) -> rule.decidable(exchange))) {
			return null;
		}
		AkiEmulatorFault selected = null;
		for (FaultRule rule : this.rules.keySet()) {
			// call each rule for each exchange, so that the counts and random numbers of
			// a rule do not depend on other rules
			AkiEmulatorFault next = rule.look(exchange, selected == null);
			selected = (selected != null) ? selected : next;
		}
		if (selected == null) {
			return FaultEffect.NONE;
		}
		this.counts.add(selected);
		return selected.effect();
	}

	/**
	 * Remove the faults that a thread has added.
	 */
	synchronized void forgetThoseOf(Thread thread) {
		this.rules.values().removeIf((owner) -> owner == thread);
	}

	/**
	 * Remove all faults and counts, and close the connections of stalled and slow
	 * exchanges.
	 */
	void reset() {
		synchronized (this) {
			this.rules.clear();
			this.counts.clear();
		}
		this.held.cutAll();
	}

}
