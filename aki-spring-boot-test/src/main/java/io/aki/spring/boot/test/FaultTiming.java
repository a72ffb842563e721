package io.aki.spring.boot.test;

/**
 * When a fault is applied to an exchange.
 */
enum FaultTiming {

	/**
	 * Before the request is recorded and, if possible, before its body is read.
	 */
	UNREAD,

	/**
	 * After the request was read and before the server processes it.
	 */
	READ,

	/**
	 * After the server has processed the request, instead of the correct response.
	 */
	ACTED

}
