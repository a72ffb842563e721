package io.aki.client;

/**
 * Decides how many threads an {@link ElasticThreadPool} has, from what it sees in each
 * check period.
 * <p>
 * While tasks wait it doubles the threads, as long as they are blocked or complete more
 * tasks than before: where the processors are the limit, more threads only cost more.
 * When that no longer helps it tries half of the threads, and keeps them if they complete
 * as many tasks. When tasks no longer wait it goes back to the threads that are used. Not
 * thread-safe.
 */
final class PoolSizing {

	/** The number of periods between two attempts, and before the pool shrinks. */
	private static final int REST = 20;

	private static final double GAIN = 1.25;

	private static final double LOSS = 0.9;

	private final int coreSize;

	private final int maxSize;

	private int size;

	/** The size before the present one, which is on trial; or 0. */
	private int sizeBefore;

	/** The number of tasks per period with the size before. */
	private double rateBefore;

	/** What was seen since the size has changed. */
	private double periods;

	private long completed;

	private int mostActive;

	private int periodsInTime;

	private int rest;

	private boolean fewer;

	PoolSizing(int coreSize, int maxSize) {
		this.coreSize = coreSize;
		this.maxSize = maxSize;
		this.size = coreSize;
	}

	int size() {
		return this.size;
	}

	boolean isSmallest() {
		return this.size == this.coreSize;
	}

	/**
	 * Take what a check period has shown.
	 * @param late whether a task has waited for the whole period
	 * @param completed the number of tasks completed in it
	 * @param periods the length of the period, in multiples of the usual one
	 * @param active the number of threads that run a task
	 */
	void update(boolean late, long completed, double periods, int active) {
		this.periods += periods;
		this.completed += completed;
		this.mostActive = Math.max(this.mostActive, active);
		this.periodsInTime = late ? 0 : this.periodsInTime + 1;
		this.rest--;
		if (this.sizeBefore > this.size) {
			judgeFewer(late);
		}
		else if (this.sizeBefore > 0) {
			judgeMore();
		}
		if (this.sizeBefore == 0 && late) {
			resizeOnTrial(completed / periods);
		}
		else if (this.periodsInTime >= REST) {
			resize(Math.max(this.coreSize, Math.min(this.size, this.mostActive)));
			this.periodsInTime = 0;
			this.mostActive = 0;
		}
	}

	/**
	 * Take the size back, because not all threads could be created.
	 */
	void limit(int size) {
		this.rest = REST;
		this.sizeBefore = 0;
		resize(Math.max(this.coreSize, size));
	}

	private void judgeMore() {
		// threads that complete less than one task each in a period are blocked
		boolean blocked = this.rateBefore < this.sizeBefore;
		if (!blocked && rate() < GAIN * this.rateBefore) {
			this.fewer = true;
			this.rest = REST;
			resize(this.sizeBefore);
		}
		this.sizeBefore = 0;
	}

	private void judgeFewer(boolean late) {
		// where other threads are blocked, fewer threads may be none that work
		if (late && this.periods < REST && rate() >= this.rateBefore / 2) {
			return;
		}
		if (late && rate() < LOSS * this.rateBefore) {
			this.fewer = false;
			resize(this.sizeBefore);
		}
		this.sizeBefore = 0;
	}

	private void resizeOnTrial(double rate) {
		this.fewer = (this.fewer || this.size == this.maxSize) && this.size > this.coreSize;
		if (!this.fewer && this.rest <= 0) {
			this.sizeBefore = this.size;
			this.rateBefore = rate;
			resize(Math.min(this.maxSize, 2 * this.size));
		}
		else if (this.fewer && this.periods >= REST && this.completed >= this.size) {
			this.sizeBefore = this.size;
			this.rateBefore = rate();
			resize(Math.max(this.coreSize, this.size / 2));
		}
	}

	private double rate() {
		return this.completed / this.periods;
	}

	private void resize(int size) {
		if (size != this.size) {
			this.size = size;
			this.periods = 0;
			this.completed = 0;
		}
	}

}
