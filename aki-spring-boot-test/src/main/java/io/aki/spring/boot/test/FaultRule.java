package io.aki.spring.boot.test;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Selects the fault that applies to an exchange from the faults that were added together.
 */
final class FaultRule {

	private final List<Armed> faults;

	// selects one of the faults that match an exchange
	private final Function<List<Armed>, @Nullable Armed> choice;

	private FaultRule(List<Armed> faults, Function<List<Armed>, @Nullable Armed> choice) {
		this.faults = faults;
		this.choice = choice;
	}

	static FaultRule of(AkiEmulatorFault fault) {
		return new FaultRule(List.of(new Armed(fault, fault.timesOrOnce())),
				(able) -> able.isEmpty() ? null : able.get(0));
	}

	static FaultRule atRandom(long seed, double probability, List<AkiEmulatorFault> faults) {
		SplittableRandom random = new SplittableRandom(seed);
		return new FaultRule(faults.stream().map((fault) -> new Armed(fault, fault.timesOrAlways())).toList(),
				(able) -> {
					// each exchange consumes the same number of random values, so that
					// the faults of later exchanges do not depend on this one
					boolean strikes = random.nextDouble() < probability;
					double which = random.nextDouble();
					return (strikes && !able.isEmpty()) ? able.get((int) (which * able.size())) : null;
				});
	}

	/**
	 * Return whether enough is known about an exchange to decide whether this rule
	 * applies to it.
	 */
	boolean decidable(Exchange exchange) {
		return this.faults.stream().allMatch((armed) -> armed.decidable(exchange));
	}

	/**
	 * Select the fault for an exchange and update the counts of this rule.
	 * @param exchange the exchange
	 * @param mayStrike whether a fault of this rule may be applied, because no other rule
	 * applies
	 * @return the fault that is applied, {@code null} if there is none
	 */
	@Nullable AkiEmulatorFault look(Exchange exchange, boolean mayStrike) {
		List<Armed> able = this.faults.stream().filter((armed) -> armed.matches(exchange)).toList();
		Armed chosen = this.choice.apply(able);
		if (chosen == null || !mayStrike) {
			return null;
		}
		chosen.left--;
		return chosen.fault;
	}

	/**
	 * A fault, and the number of exchanges to which it can still be applied.
	 */
	private static final class Armed {

		private final AkiEmulatorFault fault;

		private final FaultTarget target;

		private int toSkip;

		private int left;

		private Armed(AkiEmulatorFault fault, int times) {
			this.fault = fault;
			this.target = fault.target();
			this.toSkip = fault.skipped();
			this.left = times;
		}

		private boolean decidable(Exchange exchange) {
			return this.left == 0 || this.target.decidable(exchange);
		}

		private boolean matches(Exchange exchange) {
			if (this.left == 0 || !this.target.matches(exchange)) {
				return false;
			}
			if (this.toSkip > 0) {
				this.toSkip--;
				return false;
			}
			return true;
		}

	}

}
