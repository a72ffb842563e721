package io.aki.spring.boot.test;

/**
 * How busy an endpoint is. Its slots are the batch of one worker, which is online if it
 * has any.
 *
 * @param slots how many jobs can run at once
 * @param running how many run
 * @param maxQueueLength how many can wait
 * @param waiting how many wait
 */
record PoolFigures(int slots, int running, int maxQueueLength, int waiting) {

	int workersOnline() {
		return (this.slots > 0) ? 1 : 0;
	}

	int freeQueueSlots() {
		return Math.max(0, this.maxQueueLength - this.waiting);
	}

}
