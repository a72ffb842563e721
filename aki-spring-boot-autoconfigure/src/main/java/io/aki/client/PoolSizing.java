package io.aki.client;

/**
 * Decides how many threads an {@link ElasticThreadPool} has, from what it observes in
 * each check period.
 * <p>
 * While tasks wait and the threads are blocked, it doubles the number of threads at once.
 * While tasks wait and the threads are not blocked, it tries twice as many threads, and
 * keeps them if they complete clearly more tasks. After a failed trial it waits longer
 * before the next one. While the processors are busy it adds no threads, unless nearly
 * all threads are blocked: more threads would only cost more, because each of them uses a
 * connection. If more threads do not help it also tries half of the threads, and keeps
 * that number if they complete as many tasks. When tasks no longer wait it returns to the
 * number of threads that are used. Not thread-safe.
 */
final class PoolSizing {

	/** The number of periods between two trials, and before the pool shrinks. */
	private static final int REST = 20;

	/** The longest time between two trials, in periods. */
	private static final int MAX_REST = 32 * REST;

	/** The length of a trial of more threads, in periods. */
	private static final int TRIAL = 2;

	private static final double GAIN = 1.25;

	private static final double LOSS = 0.9;

	/** Nearly all threads are blocked if they complete fewer tasks than this each. */
	private static final double BLOCKED = 0.25;

	/** The part of the threads that must run a task for the threads to be blocked. */
	private static final double BUSY = 0.9;

	/** How much of the best rate counts in the next period. */
	private static final double DECAY = 0.8;

	private final int coreSize;

	private final int maxSize;

	private int size;

	/** The size before the current one, which is on trial; or 0. */
	private int sizeBefore;

	/** The number of tasks per period with the size before. */
	private double rateBefore;

	/** Whether the threads were blocked with the size before. */
	private boolean blockedBefore;

	/** The best number of tasks per period in the last periods. */
	private double bestRate;

	/** Observations since the size has changed. */
	private double periods;

	private long completed;

	private int mostActive;

	private int periodsInTime;

	private long completedInTime;

	private int restsInTime;

	private int restsBeforeShrinking = 1;

	/** Whether the pool has shrunk, and no task has waited since. */
	private boolean shrunk;

	private int rest;

	private int nextRest = REST;

	/** The number of periods in which no thread is created after a failure to do so. */
	private int creationRest;

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
	 * Take the observations of a check period.
	 * @param late whether a task has waited for the whole period
	 * @param completed the number of tasks completed in the period
	 * @param periods the length of the period, in multiples of the usual one
	 * @param active the number of threads that run a task
	 * @param saturated whether the processors are busy
	 */
	void update(boolean late, long completed, double periods, int active, boolean saturated) {
		this.periods += periods;
		this.completed += completed;
		this.mostActive = Math.max(this.mostActive, active);
		this.periodsInTime = late ? 0 : this.periodsInTime + 1;
		this.completedInTime = late ? 0 : this.completedInTime + completed;
		if (late && this.shrunk) {
			this.shrunk = false;
			this.restsInTime = 0;
			this.restsBeforeShrinking = Math.min(2 * this.restsBeforeShrinking, MAX_REST / REST);
		}
		this.rest--;
		this.creationRest--;
		if (this.sizeBefore > this.size) {
			judgeFewer(late);
		}
		else if (this.sizeBefore > 0) {
			judgeMore();
		}
		this.bestRate = Math.max(completed / periods, DECAY * this.bestRate);
		if (this.sizeBefore == 0 && late) {
			resizeOnTrial(completed / periods, active, saturated);
		}
		else if (this.periodsInTime >= REST) {
			shrink();
			this.periodsInTime = 0;
			this.mostActive = 0;
			this.nextRest = REST;
		}
	}

	/**
	 * Return to the threads that are used. More threads than necessary may all be used at
	 * some moments, so that half of them are tried. If tasks waited soon after the last
	 * such trial, the next one is later.
	 */
	private void shrink() {
		int used = Math.min(this.size, this.mostActive);
		boolean working = this.completedInTime >= this.size;
		this.completedInTime = 0;
		this.restsInTime++;
		if (working && this.restsInTime >= this.restsBeforeShrinking) {
			used = Math.min(used, this.size / 2);
		}
		if (used < this.size) {
			this.restsInTime = 0;
			this.shrunk = true;
		}
		resize(Math.max(this.coreSize, used));
		if (isSmallest()) {
			this.shrunk = false;
			this.restsBeforeShrinking = 1;
		}
	}

	/**
	 * Reduce the size, because not all threads could be created.
	 */
	void limit(int size) {
		this.creationRest = REST;
		this.sizeBefore = 0;
		resize(Math.max(this.coreSize, size));
	}

	private void judgeMore() {
		if (this.blockedBefore) {
			this.sizeBefore = 0;
		}
		else if (this.periods >= TRIAL) {
			if (rate() < GAIN * this.rateBefore) {
				this.fewer = true;
				this.rest = this.nextRest;
				this.nextRest = Math.min(2 * this.nextRest, MAX_REST);
				resize(this.sizeBefore);
			}
			this.sizeBefore = 0;
		}
	}

	private void judgeFewer(boolean late) {
		// if other threads are blocked, the remaining threads may be the blocked ones
		if (late && this.periods < REST && rate() >= this.rateBefore / 2) {
			return;
		}
		if (late && rate() < LOSS * this.rateBefore) {
			this.fewer = false;
			resize(this.sizeBefore);
		}
		this.sizeBefore = 0;
	}

	private void resizeOnTrial(double rate, int active, boolean saturated) {
		this.fewer = (this.fewer || saturated || this.size == this.maxSize) && this.size > this.coreSize;
		// busy threads that complete less than one task each in a period are blocked
		boolean busy = active >= BUSY * this.size;
		boolean blocked = busy && rate < this.size;
		boolean more = saturated ? busy && rate < BLOCKED * this.size : blocked || (!this.fewer && this.rest <= 0);
		if (more && this.size < this.maxSize && this.creationRest <= 0) {
			this.sizeBefore = this.size;
			this.rateBefore = this.bestRate;
			this.blockedBefore = blocked;
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
