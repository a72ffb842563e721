package io.aki.spring.boot.test;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong in an {@link AkiEmulator}. Of the faults that could strike an
 * exchange, the one that was added first does; no exchange is struck twice.
 * <p>
 * All methods may be called from any thread.
 *
 * @since 1.0.0
 */
public final class AkiEmulatorFaults {

	// with the thread that added it
	private final Map<FaultRule, Thread> rules = new LinkedHashMap<>();

	private final FaultTally tally = new FaultTally();

	private final HeldExchanges held;

	AkiEmulatorFaults(HeldExchanges held) {
		this.held = held;
	}

	/**
	 * Adds a fault.
	 * @param fault the fault
	 * @return these faults
	 */
	public synchronized AkiEmulatorFaults add(AkiEmulatorFault fault) {
		this.rules.put(FaultRule.of(Objects.requireNonNull(fault, "fault")), Thread.currentThread());
		return this;
	}

	/**
	 * Adds faults that strike by lot: of the exchanges that at least one of them could
	 * strike, each is struck with the same probability, and by any of those faults. The
	 * same exchanges in the same order get the same faults.
	 * @param seed determines the lots
	 * @param probability how likely an exchange is to be struck, from 0 to 1
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
	 * Has nothing go wrong from now on. Exchanges that are stalled stay so, and the
	 * counts remain.
	 */
	public synchronized void clear() {
		this.rules.clear();
	}

	/**
	 * Lets the exchanges go on that are stalled now: those on which the server has acted
	 * are answered, the others are acted upon.
	 */
	public void release() {
		this.held.release();
	}

	/**
	 * How many exchanges are stalled now.
	 * @return the number of those that {@link #release()} would let go on
	 */
	public int stalled() {
		return this.held.stalled();
	}

	/**
	 * How often any fault has struck since the emulator was started or reset.
	 * @return the number of exchanges
	 */
	public synchronized int count() {
		return this.tally.total();
	}

	/**
	 * How often a fault has struck since the emulator was started or reset.
	 * @param fault the very fault that was added
	 * @return the number of exchanges
	 */
	public synchronized int count(AkiEmulatorFault fault) {
		return this.tally.of(fault);
	}

	/**
	 * How often each fault has struck since the emulator was started or reset.
	 * @return an immutable copy; faults that have not struck are not in it
	 */
	public synchronized Map<AkiEmulatorFault, Integer> counts() {
		return Collections.unmodifiableMap(this.tally.copy());
	}

	@Override
	public String toString() {
		return "AkiEmulatorFaults" + counts();
	}

	/**
	 * Decides what strikes an exchange.
	 * @param exchange the exchange
	 * @return what strikes it, {@link FaultEffect#NONE} if nothing does, null if that
	 * cannot be told before more is known of it
	 */
	synchronized @Nullable FaultEffect strike(Exchange exchange) {
		if (!this.rules.keySet().stream().allMatch((rule) -> rule.decidable(exchange))) {
			return null;
		}
		AkiEmulatorFault struck = null;
		for (FaultRule rule : this.rules.keySet()) {
			// every rule looks at every exchange, so that what one counts or draws by
			// lot does not depend on what another does
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
	 * Has nothing go wrong any more of what a thread has added.
	 */
	synchronized void forgetThoseOf(Thread thread) {
		this.rules.values().removeIf((owner) -> owner == thread);
	}

	/**
	 * Forgets everything and cuts off what is stalled.
	 */
	void reset() {
		synchronized (this) {
			this.rules.clear();
			this.tally.clear();
		}
		this.held.cutAll();
	}

}
