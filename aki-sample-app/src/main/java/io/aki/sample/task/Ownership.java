package io.aki.sample.task;

/**
 * What a worker learns about its task when it reports.
 */
public enum Ownership {

	/**
	 * Go on.
	 */
	MINE,

	/**
	 * Someone wants it canceled.
	 */
	TO_BE_CANCELED,

	/**
	 * Another worker has taken it.
	 */
	LOST

}
