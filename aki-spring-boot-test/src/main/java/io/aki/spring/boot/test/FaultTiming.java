package io.aki.spring.boot.test;

/**
 * How far a request gets before a fault strikes.
 */
enum FaultTiming {

	/**
	 * It is not taken note of.
	 */
	UNREAD,

	/**
	 * It is read, and not acted upon.
	 */
	READ,

	/**
	 * It is read and acted upon; only its answer is struck.
	 */
	ACTED

}
