package io.aki.spring.boot.test;

/**
 * The load of an endpoint. All slots belong to one worker, which is online if the
 * endpoint has at least one slot.
 *
 * @param slots the maximum number of running jobs
 * @param running the number of running jobs
 * @param maxQueueLength the maximum number of waiting jobs
 * @param waiting the number of waiting jobs
 */
record PoolStatus(int slots, int running, int maxQueueLength, int waiting) {

	int workersOnline() {
		return (this.slots > 0) ? 1 : 0;
	}

	int freeQueueSlots() {
		return Math.max(0, this.maxQueueLength - this.waiting);
	}

}
