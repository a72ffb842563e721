package io.aki.spring.boot.test;

/**
 * When a fault occurs.
 */
enum FaultTiming {

	/**
	 * Before the request is read and recorded.
	 */
	UNREAD,

	/**
	 * After the request is read, before the server acts.
	 */
	READ,

	/**
	 * After the server has acted, instead of the response.
	 */
	ACTED

}
