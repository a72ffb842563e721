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

	// with the thread that added it
	private final Map<FaultRule, Thread> rules = new LinkedHashMap<>();

	private final FaultCounts tally = new FaultCounts();

	private final DelayedExchanges held;

	AkiEmulatorFaults(DelayedExchanges held) {
		this.held = held;
	}

	/**
	 * Add a fault.
	 * @param fault the fault
	 * @return these faults
	 */
	public synchronized AkiEmulatorFaults add(AkiEmulatorFault fault) {
		this.rules.put(FaultRule.of(Objects.requireNonNull(fault, "fault")), Thread.currentThread());
		return this;
	}

	/**
	 * Add faults that occur randomly. Each exchange to which at least one of them applies
	 * gets one of them with the given probability. The same exchanges in the same order
	 * get the same faults.
	 * @param seed the seed
	 * @param probability the probability, from 0 to 1
	 * @param faults the faults, at least one
	 * @return these faults
	 */
	public synchronized AkiEmulatorFaults atRandom(long seed, double probability, AkiEmulatorFault... faults) {
		if (!(probability >= 0 && probability <= 1) || faults.length == 0) {
			throw new IllegalArgumentException("A probability from 0 to 1 and at least one fault");
		}
		this.rules.put(FaultRule.atRandom(seed, probability, List.of(faults)), Thread.currentThread());
		return this;
	}

	/**
	 * Remove all faults. Stalled exchanges stay stalled, and the counts remain.
	 */
	public synchronized void clear() {
		this.rules.clear();
	}

	/**
	 * Continue the exchanges that are stalled now. They are answered; if the server has
	 * not acted yet, it acts first.
	 */
	public void release() {
		this.held.release();
	}

	/**
	 * Return how many exchanges are stalled now.
	 * @return the number of exchanges
	 */
	public int stalled() {
		return this.held.stalled();
	}

	/**
	 * Return how often any fault was applied since the emulator was started or reset.
	 * @return the number of exchanges
	 */
	public synchronized int count() {
		return this.tally.total();
	}

	/**
	 * Return how often a fault was applied since the emulator was started or reset.
	 * @param fault the instance that was added
	 * @return the number of exchanges
	 */
	public synchronized int count(AkiEmulatorFault fault) {
		return this.tally.of(fault);
	}

	/**
	 * Return how often each fault was applied since the emulator was started or reset.
	 * @return an immutable copy without faults that were not applied
	 */
	public synchronized Map<AkiEmulatorFault, Integer> counts() {
		return Collections.unmodifiableMap(this.tally.copy());
	}

	@Override
	public String toString() {
		return "AkiEmulatorFaults" + counts();
	}

	/**
	 * Select the fault of an exchange.
	 * @param exchange the exchange
	 * @return the effect, {@link FaultEffect#NONE} if there is none, {@code null} if more
	 * must be known about the exchange first
	 */
	synchronized @Nullable FaultEffect strike(Exchange exchange) {
		if (!this.rules.keySet().stream().allMatch((rule) -> rule.decidable(exchange))) {
			return null;
		}
		AkiEmulatorFault struck = null;
		for (FaultRule rule : this.rules.keySet()) {
			// every rule examines every exchange, so that its counts and random numbers
			// do not depend on other rules
			AkiEmulatorFault next = rule.look(exchange, struck == null);
			struck = (struck != null) ? struck : next;
		}
		if (struck == null) {
			return FaultEffect.NONE;
		}
		this.tally.add(struck);
		return struck.effect();
	}

	/**
	 * Remove the faults that a thread has added.
	 */
	synchronized void forgetThoseOf(Thread thread) {
		this.rules.values().removeIf((owner) -> owner == thread);
	}

	/**
	 * Remove all faults and close stalled exchanges.
	 */
	void reset() {
		synchronized (this) {
			this.rules.clear();
			this.tally.clear();
		}
		this.held.cutAll();
	}

}
