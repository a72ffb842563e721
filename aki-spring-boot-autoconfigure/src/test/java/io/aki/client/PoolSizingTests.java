package io.aki.client;

import java.util.Random;
import java.util.function.IntToDoubleFunction;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PoolSizing}, with simulated loads.
 */
class PoolSizingTests {

	private static final int CORE = 16;

	private static final int MAX = 256;

	private final PoolSizing sizing = new PoolSizing(CORE, MAX);

	private int largest;

	private boolean saturated;

	private double waiting;

	/**
	 * Simulate a load.
	 * @param checks the number of checks, 20 per second
	 * @param demand the number of new tasks in each check period
	 * @param capacity returns the number of tasks that a number of threads can complete
	 * in a check period
	 */
	private void run(int checks, double demand, IntToDoubleFunction capacity) {
		this.largest = 0;
		for (int i = 0; i < checks; i++) {
			int size = this.sizing.size();
			this.waiting += demand;
			this.largest = Math.max(this.largest, size);
			double completed = Math.min(this.waiting, capacity.applyAsDouble(size));
			boolean late = this.waiting - completed > demand;
			int active = (int) Math.ceil(size * completed / capacity.applyAsDouble(size));
			this.waiting -= completed;
			this.sizing.update(late, Math.round(completed), 1, active, this.saturated);
		}
	}

	@Test
	void fewThreadsStayFewWhileTheyAreEnough() {
		run(1000, 100, (size) -> size * 10);
		assertThat(this.largest).isEqualTo(CORE);
	}

	@Test
	void tasksThatBlockForLongGetAllThreadsAtOnce() {
		run(6, 200, (size) -> 0.001);
		assertThat(this.sizing.size()).isEqualTo(MAX);
	}

	@Test
	void tasksThatBlockForAShortTimeGetTheThreadsThatTheyNeed() {
		// a thread completes 1.25 tasks of 40 ms in 50 ms; 120 tasks need 96 threads
		run(200, 120, (size) -> size * 1.25);
		assertThat(this.sizing.size()).isBetween(96, 192);
	}

	@Test
	void threadsBeyondTheCapacityOfTheProcessorsAreTriedRarely() {
		Random random = new Random(7);
		int more = 0;
		for (int i = 0; i < 10_000; i++) {
			run(1, 2000, (size) -> 1000 * (0.6 + 0.8 * random.nextDouble()));
			assertThat(this.sizing.size()).isLessThanOrEqualTo(4 * CORE);
			more += (this.sizing.size() > CORE) ? 1 : 0;
		}
		assertThat(more).isLessThanOrEqualTo(10_000 / 50);
	}

	@Test
	void noThreadsAreAddedWhileTheProcessorsAreBusy() {
		this.saturated = true;
		run(1000, 2000, (size) -> size * 0.5);
		assertThat(this.largest).isEqualTo(CORE);
	}

	@Test
	void aPauseOfTheWholeProcessAddsNoBlockedThreads() {
		run(60, 200, (size) -> 0.001);
		assertThat(this.sizing.size()).isEqualTo(MAX);
		run(60, 16, (size) -> size * 10);
		assertThat(this.sizing.isSmallest()).isTrue();
		this.sizing.update(true, 4, 1, 2, false);
		this.sizing.update(false, 16, 1, 2, false);
		this.sizing.update(false, 16, 1, 2, false);
		assertThat(this.sizing.size()).isLessThanOrEqualTo(2 * CORE);
	}

	@Test
	void aStallWhileTheProcessorsAreBusyGetsAllThreads() {
		this.saturated = true;
		run(100, 2000, (size) -> 1000);
		run(10, 200, (size) -> 0.001);
		assertThat(this.sizing.size()).isEqualTo(MAX);
	}

	@Test
	void aStallAfterSaturationGetsAllThreads() {
		run(1000, 2000, (size) -> 1000);
		run(10, 200, (size) -> 0.001);
		assertThat(this.sizing.size()).isEqualTo(MAX);
	}

	@Test
	void afterAStallTheThreadsGoBackAlthoughTheProcessorsAreSaturated() {
		run(60, 200, (size) -> 0.001);
		assertThat(this.sizing.size()).isEqualTo(MAX);
		run(300, 2000, (size) -> 200);
		assertThat(this.sizing.size()).isLessThanOrEqualTo(2 * CORE);
	}

	@Test
	void tasksThatAreStalledKeepAllThreads() {
		run(60, 200, (size) -> 0.001);
		for (int i = 0; i < 100; i++) {
			run(1, 200, (size) -> 1);
			assertThat(this.sizing.size()).isEqualTo(MAX);
		}
	}

	@Test
	void fewerThreadsAreTriedForOnePeriodOnlyIfNoneOfThemWorks() {
		run(60, 200, (size) -> 0.001);
		int fewer = 0;
		for (int i = 0; i < 200; i++) {
			// 250 of 256 threads are blocked; the other 6 end when the pool shrinks
			run(1, 600, (size) -> (size == MAX) ? 300 : 0.001);
			fewer += (this.sizing.size() < MAX) ? 1 : 0;
		}
		assertThat(fewer).isLessThanOrEqualTo(200 / 20);
	}

	@Test
	void threadsThatCannotBeCreatedAreNotTriedAgainAtOnce() {
		run(3, 200, (size) -> 0.001);
		this.sizing.limit(20);
		run(10, 200, (size) -> 0.001);
		assertThat(this.sizing.size()).isEqualTo(20);
		run(40, 200, (size) -> 0.001);
		assertThat(this.sizing.size()).isGreaterThan(20);
	}

	@Test
	void afterAStallTheThreadsGoBackWithinSeconds() {
		run(60, 200, (size) -> 0.001);
		run(60, 100, (size) -> size * 10);
		assertThat(this.sizing.isSmallest()).isTrue();
	}

}
